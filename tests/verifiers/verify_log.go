// SPDX-License-Identifier: GPL-3.0-or-later

// Verifies what Sekisho's access log hands out with code that Sekisho's authors did not write: Go's
// own golang.org/x/mod/sumdb/note and tlog, which the Go checksum database runs on.
//
//	verify_log checkpoint KEY FILE              prints "origin size root"
//	verify_log receipt KEY FILE [ENTRY]         a C2SP tlog-proof, its entry inside or beside it
//	verify_log continuation KEY OLD FILE        OLD is a checkpoint, FILE what `prove --size` printed
//	verify_log tiles KEY DIRECTORY              every hash of a C2SP tlog-tiles directory
//	verify_log witnessed KEY FILE WITNESS       a checkpoint with the cosignature of that key
//
// Ends with 0 if it holds, 1 if not.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func read(file string) string {
	content, err := os.ReadFile(file)
	check(err)
	return string(content)
}

type tree struct {
	origin string
	size   int64
	root   tlog.Hash
}

// The checkpoint under the log's own signature and its pinned origin.
func open(key, text string) tree {
	verifier, err := note.NewVerifier(key)
	check(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		fail("no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	return tree{lines[0], size, hash(lines[2])}
}

// A witness's key: C2SP tlog-cosignature, Ed25519, which sumdb/note itself does not know.
type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.id }
func (w witness) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	header := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(w.key, append([]byte(header), message...), signature[8:])
}

func newWitness(line string) witness {
	parts := strings.SplitN(line, "+", 3)
	if len(parts) != 3 {
		fail("no key of a witness")
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	check(err)
	if len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		fail("no key of a witness")
	}
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(id[:4]) != parts[1] {
		fail("not the hash of the key")
	}
	return witness{parts[0], binary.BigEndian.Uint32(id[:4]), key[1:]}
}

func witnessed(key, text, witnessKey string) {
	open(key, text)
	_, err := note.Open([]byte(text), note.VerifierList(newWitness(witnessKey)))
	check(err)
}

func hash(line string) tlog.Hash {
	parsed, err := tlog.ParseHash(line)
	check(err)
	return parsed
}

func hashes(lines []string) []tlog.Hash {
	var all []tlog.Hash
	for _, line := range lines {
		all = append(all, hash(line))
	}
	return all
}

// What stands before the first empty line, as lines, and what stands behind it.
func split(text string) ([]string, string) {
	if strings.HasPrefix(text, "\n") {
		return nil, text[1:]
	}
	before, after, found := strings.Cut(text, "\n\n")
	if !found {
		fail("no checkpoint")
	}
	return strings.Split(before, "\n"), after
}

func receipt(key, text, entry string) {
	lines, checkpoint := split(text)
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("no tlog-proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		extra, err := base64.StdEncoding.Strict().DecodeString(lines[0][len("extra "):])
		check(err)
		if entry == "" {
			entry = string(extra)
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		fail("no index")
	}
	index, err := strconv.ParseInt(lines[0][len("index "):], 10, 64)
	check(err)
	if lines[0] != fmt.Sprintf("index %d", index) {
		fail("no index as it is written")
	}
	head := open(key, checkpoint)
	proof := tlog.RecordProof(hashes(lines[1:]))
	check(tlog.CheckRecord(proof, head.size, head.root, index, tlog.RecordHash([]byte(entry))))
}

func continuation(key, old, text string) {
	lines, checkpoint := split(text)
	before, after := open(key, old), open(key, checkpoint)
	check(tlog.CheckTree(tlog.TreeProof(hashes(lines)), after.size, after.root, before.size,
		before.root))
}

// The tiles of a directory, read as they would be fetched.
type directory struct{ path string }

func (d directory) Height() int                     { return 8 }
func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}
func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// sumdb says tile/8/<L>/…, where C2SP says tile/<L>/….
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, err := os.ReadFile(filepath.Join(d.path, path))
		if err != nil {
			return nil, err
		}
		all = append(all, content)
	}
	return all, nil
}

// Every leaf of the tree through the tiles, and every entry of the bundles against its leaf.
func tiles(key, path string) {
	head := open(key, read(filepath.Join(path, "checkpoint")))
	reader := tlog.TileHashReader(tlog.Tree{N: head.size, Hash: head.root}, directory{path})
	for begin := int64(0); begin < head.size; begin += 256 {
		var indexes []int64
		for i := begin; i < begin+256 && i < head.size; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
		leaves, err := reader.ReadHashes(indexes)
		check(err)
		compare(path, begin/256, leaves)
	}
}

func compare(path string, bundle int64, leaves []tlog.Hash) {
	tile := tlog.Tile{H: 8, L: 0, N: bundle, W: len(leaves)}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	content, err := os.ReadFile(filepath.Join(path, name))
	if os.IsNotExist(err) {
		return // published without the entries
	}
	check(err)
	for _, leaf := range leaves {
		size := int(binary.BigEndian.Uint16(content))
		if tlog.RecordHash(content[2:2+size]) != leaf {
			fail("an entry of bundle %d is not its leaf", bundle)
		}
		content = content[2+size:]
	}
	if len(content) != 0 {
		fail("bundle %d has more than its entries", bundle)
	}
}

func main() {
	arguments := append(os.Args[1:], "", "", "", "")
	command, key := arguments[0], arguments[1]
	switch command {
	case "checkpoint":
		head := open(key, read(arguments[2]))
		fmt.Println(head.origin, head.size, head.root)
	case "receipt":
		entry := ""
		if arguments[3] != "" {
			entry = read(arguments[3])
		}
		receipt(key, read(arguments[2]), entry)
	case "continuation":
		continuation(key, read(arguments[2]), read(arguments[3]))
	case "tiles":
		tiles(key, arguments[2])
	case "witnessed":
		witnessed(key, read(arguments[2]), arguments[3])
	default:
		fail("checkpoint, receipt, continuation, tiles or witnessed")
	}
}
