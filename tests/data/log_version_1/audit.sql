-- A log of user_version 4, whose entries are of version 1, as Sekisho 0.1.0 wrote it. Its keys beside it are those of no
-- other log. P1002 is held, the key of P1003 is shredded, entry 9 is an intent without outcome.
PRAGMA application_id = 1397440853;
PRAGMA user_version = 4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  entry TEXT NOT NULL
) STRICT;
INSERT INTO audit_entry VALUES(0,'{"boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"log.open","facts":{"index_key":"f4d1f11d246b968cad47e4331b8a2375","key":"audit.test.example/log+4f399d4a+Aa/opZEQHTlL0N9zHy18IMxrmd+2cXQVszwDEmAiwCQP","origin":"audit.test.example/log","software":"sekisho 0.1.0"},"outcome":0,"salt":"b1c7ac713493ad2392277a5a23e8a664","seq":0,"time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(1,'{"authentication":"token","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"transfer.begin","hashes":{"instance":["ab04b77d442d4079cc13ae66d7d75a3b"],"patient":["96117fa92351080a1bf1bd7aefd4f0e4"],"recipient":["2156d731b2c387717a34f931961dad2d"],"series":["f4648c6cc881c7b64f2d4cba753f7473"],"study":["30eb451aa221c29db7f9e06912e209d8"]},"outcome":0,"purpose":"TREAT","request":"r-1","salt":"edcb8acc61644f559e0997b95f390f2d","sealed":[{"box":"Sf99vekwsrbxmubMxelsEsxf1lBSNCE7XnhcdPYMmfJiTVkwrDTJoFgsiGEydMozEzbIOQjdl8i+KDzVzYJnbtp5hNf45IXALI/+W5kw9gOsu+ptbOI1AXLJAH8MlNjGFDjE9NZ1/mPVxUuqqIYbymyNtpi96pSxye0yxhb1SQ6C4Coai2Y=","key":"e4d9b0269fd06b63e93b2f0a08183abf"},{"box":"ChMxP+rK8ir852Hnp+4tKfDrqyGQ5R5qHSvBYF4X33zlq5TYXuaaz2n43pFn14G23XDQbIZnUujHVUibeeETj1fDVOleRWUSn1F/Q5BEt17kq/hOm00BOZ5eNdlxvu6GAMXiL8to3KWfwEbPJaomcxmMlYx6G34ELGkppGO26Enq1p6u","key":"2d1b518efecb1e07e523042c9f3ba6bd"}],"seq":1,"share":"5f0c64d3a1b29e7745d0c2b8e9f1a3c7","source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(2,'{"boot":"5085f4a7-c590-4670-8012-610379e41654","bytes":532480,"clock":"unsynchronised","event":"transfer.end","instances":1,"intent":1,"outcome":0,"salt":"dede24d58ae684629dbd420361b75eba","seq":2,"time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(3,'{"authentication":"token","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","detail":"search","event":"query","hashes":{"patient":["5840f3a546149d1c35cb5ef1fb1ba501","5e55b657457d8058899f851587b8a3ee","763ff4826cd6f569007862eeb865e8dd","79ec40819970df5f163c82d0b15c3c02","96117fa92351080a1bf1bd7aefd4f0e4","d69b67206a22398de583294babcf33b6","df08ae4fb51ce6ea3e09cc6aaa9127ab","fe59dc4d56cd478f032d6e5a4912b817"],"recipient":["2156d731b2c387717a34f931961dad2d"],"study":["2561b5f16d5865b285a47bd2e80fec32","30eb451aa221c29db7f9e06912e209d8","5d752466cfb0550fc3c2d28402c19fec","9f204b282a18201b86a88bb9762c84bf","ac58fb2961a71b5ca19da850c0aa43f7","d18117d8c850ee1d648002a0361f97dd","f28ce293f585eba7297e2d8179300ceb","fef7387d1471d62c9b027da6788e0416"]},"instances":9,"outcome":0,"part":1,"parts":2,"purpose":"TREAT","request":"r-1","salt":"c006df4835dfc6a4ca04a1011dd564ff","sealed":[{"box":"Gam++wvS/GAyGwGfk8vmnOFBzTFEICVee4CGo3NxRJ2G/Z5WLqQA0/u29vXXUmQ15ssGsHelACrucoDZ9b/biz4/FDwq5K6/psFwC8f9r1XR","key":"f8a457d7e11af058efd682314159fc4f"},{"box":"AJjvnSUU8E2CGDG81CgdgzJ6pQk9ZcgGGoGtAiRSPiqhnwkUCqTIsLaxYEand03G9Re81K1Aeu20gIKGJR1n3thcquVFNOkZlA1CsJV/PNf5","key":"3670b6cb58629ddb8ed17d8e9ba8d370"},{"box":"RPjCBRXWzchkicJYzofL6SNa2cfdL2uZtt9zTousdBqvOi0OXkPMSaGr5qvx7a2ByYOVUvNGWeBxo758DasYoguhfFNG3tGrfBHcPuGtX5am","key":"32bf801d89aba21f2d30aea7950a957d"},{"box":"x6QHP0mDy2tu03BLvxvMwBYn3Sf+aA2pATwWYFLpavqohTlV5ivwYIKceIJjZgoy69S23YyHu/Ry5yEJRL9edVND19RxQdetjr6Q7mBL88Kd","key":"a2a6fa717e183eb01c728fd94f0a5bd3"},{"box":"qy7WTgW9KWxt+EDVk9MUlnr7w4ER7GP2gcFppqGuTzhB3ADxyh05zYSsx0TrYXkTdGsde/lEbXwJYAbfbmYYfdBLTgM7AB1XalYnkPW9d5l1","key":"e4d9b0269fd06b63e93b2f0a08183abf"},{"box":"r7q1+0EaoxAf5qBwbtfoH669IWh751vNush74k2jEWIiMpm4sZ/4rJ/d/7cpsOuT1irbDEsTJrzDdqhsvxSA/WeIesQ15JD9tTsInS4T/Us0","key":"f8875ef4f7a49bf4fb16bdbba5f63f00"},{"box":"tL/m6pGeLvJm1a0HWOFY6YNueDJoOneYJaTjuatGmTXQ1Fzq2wwB8GK+LvRQJryYqCxp/wj+2e3MIDRU/yC1JhRV47MsT4PKH/Gfa73NmiCV","key":"177d48b1a8344dd6edafbaf90fa48ca2"},{"box":"7vq4sA27i7xo434Fos+k1mUrPs5qEWI5ds71XMSK7rhfpmY2Kq7rKVmOSkMFwZ3y+rcFo98TIRL5dEFiJaoNJZyBi2bb7Lhw5gUSLYnMFn2G","key":"64cc7fa79585befa4997aedda43b6a50"},{"box":"FztrhmoxzkDJlPEZRJiVKJxAgENv7PuDPHdEVg9JvjCSSubCxDadqDvJDxByOC0HLMWTJfSQ/2TcHlgAy3XGID4vx3hdDH4V9bMTyn9UkO1L2mvTGoEHEEroCebg7hRhsd7gqu6ngZU099i8yIMtH3UV5xDRWYWbt2Y8JLiNtZYAaTD0lG7uDafJz5NaPkkIoF1r4GPOWGleDRVWH7jD5c3v2qfNfhQSgzF1xlQc","key":"2d1b518efecb1e07e523042c9f3ba6bd"}],"seq":3,"share":"5f0c64d3a1b29e7745d0c2b8e9f1a3c7","source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(4,'{"boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"query","hashes":{"patient":["de5788336864d6d2e5c48073970ed13a"],"study":["041726b40e0618e54958cc1fc9928a8d"]},"outcome":0,"part":2,"parts":2,"salt":"2aedfb4de73e14eea578a8164b37feae","sealed":[{"box":"xFqRHKRyZlldwwv1tcTQt/mxOYOfeAbcX8W8aYL+RLIBYOKmZqhRlueBFHSFkpJRhXadC/u8cHIxf0X87o+SyRC27YxnJzFSW5Qwni9bpxri","key":"5e46d16953c37b5f3d5b573bcc8ef11d"}],"seq":4,"time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(5,'{"authentication":"token","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","detail":"expired_share","event":"denial","hashes":{"recipient":["2156d731b2c387717a34f931961dad2d"]},"outcome":4,"purpose":"TREAT","request":"r-1","salt":"10ab9ee661fdc048525e0f9a6cb09276","sealed":[{"box":"W3G+vHgpaUnBKlUIa63dLeLhuP0pSeZvXUUhSmUykPljDD4F5HwLFvGzxWiQSQ1dkgw/6ExDxBG/esrtKjYVYNSMJmJPl7/H1olurFwYHx64HmMjOQzwRAo3XpgvSjlzORMrN1y+RKS/H+ZG3SkcdfjQqPMbztuQ7qazS1cyZRcsdC4U","key":"2d1b518efecb1e07e523042c9f3ba6bd"}],"seq":5,"share":"5f0c64d3a1b29e7745d0c2b8e9f1a3c7","source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(6,'{"authentication":"staff","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"token.create","facts":{"token":"t1"},"hashes":{"recipient":["2156d731b2c387717a34f931961dad2d"]},"outcome":0,"request":"r-1","salt":"aed7f9edac358ef1481afc27fa5fee6a","sealed":[{"box":"ziXrF/fVHU9mtDrXk6rfk6rHxVEV2hNEL4X2D7yd7JbdNyPNcha5YH2A0InOulg=","key":"5e3e233186f93ee736211efaaf7cb3ad"},{"box":"JhIsH4nDI1Re/MYrGwTUK2rukd+To2uPcb829jxoeeIrPB1qj5kiCEiLxl51+02SNLbpXcZmAq1Z25SvUFiDEzBLo7H0dO0iVB2VjtwWXf9Eco+6ZVn1GfYnzPD4XXs9H+AUzc0vFza3dcOueKvbi9/nxg294kkNNFngEskNT8iXma22","key":"2d1b518efecb1e07e523042c9f3ba6bd"}],"seq":6,"source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(7,'{"authentication":"staff","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"hold.set","facts":{"case":"2026-1"},"hashes":{"patient":["79ec40819970df5f163c82d0b15c3c02"]},"outcome":0,"request":"r-1","salt":"5400a5d5c04e9283232212f164fc4997","sealed":[{"box":"qVz15JakCB6Tr6Qi+b3kTwQ4yA6gUWrggTNReU8BLv5bYuHY4ynLW4O5ps96yTM=","key":"5e3e233186f93ee736211efaaf7cb3ad"},{"box":"vNuqzCyJQHXG181+FIAEkVDqe92g6KV/1Qgnw0dLKyRTnuPhDH6rXaK0MTVesgQ=","key":"a2a6fa717e183eb01c728fd94f0a5bd3"}],"seq":7,"source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(8,'{"authentication":"staff","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"text.shred","hashes":{"patient":["5840f3a546149d1c35cb5ef1fb1ba501"]},"outcome":0,"request":"r-1","salt":"37fb82381a4dcd140270d5cf3f4823ce","sealed":[{"box":"jtkitcbp+wz3ZfUvZiH1hxNUaaZxsxNK4JMtF+1YhWfyXNfh9E6at/MDzLgCESg=","key":"5e3e233186f93ee736211efaaf7cb3ad"},{"box":"ogK5zix9vpRmq8u0UKXeDytRDvI/tB3E7Fba8cxcBTKBDsKHdBRwoSHJsMLfJqU=","key":"f8a457d7e11af058efd682314159fc4f"}],"seq":8,"source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
INSERT INTO audit_entry VALUES(9,'{"authentication":"token","boot":"5085f4a7-c590-4670-8012-610379e41654","clock":"unsynchronised","event":"transfer.begin","hashes":{"instance":["e06bda0933b72c312939bd7279c0155d"],"patient":["96117fa92351080a1bf1bd7aefd4f0e4"],"recipient":["2156d731b2c387717a34f931961dad2d"],"series":["656bd48c359227250ead0f4eea853c9f"],"study":["6f4ec326c1cfe84f2e8160bf820a92d0"]},"outcome":0,"purpose":"TREAT","request":"r-1","salt":"8da9304b9815e902c422e9088f010620","sealed":[{"box":"HI+LTFv70V7TvVbpJ7/AeXanYPdy/U3TUSDSsW0e2HptH4FVjAkrE32ecQysBqjCfhK2QzLecPKBW0x6zkp9v5gK+nu00dUdXevIOfjs8SFrxllPX0gDFME1A8+YV7FrvfJquMtPZY53MEeWa1ymWXnAklY308xe+Bi8LMHipd1IgdsJa8HB8wM=","key":"e4d9b0269fd06b63e93b2f0a08183abf"},{"box":"liHkrGrpFFxnnJfRLoorbf9MHOKlbeNAc56VeVKa+g2Ugi7QSFlV7q3WXODzlXLNgFKKObeSx6yO4CYti6SU5PZxZlSuspsYjo0i2JukCr1ZUFvwoMPh73eUgdqJTl8Lj7ILi8DOdpj5WxOd3vJIahcf05n1t/quVcecQz2UeGGDTbNZ","key":"2d1b518efecb1e07e523042c9f3ba6bd"}],"seq":9,"share":"5f0c64d3a1b29e7745d0c2b8e9f1a3c7","source":"10.20.0.17","time":"2026-01-31T12:00:00.000000Z","uptime":1769860800000000,"version":1}');
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  edge BLOB NOT NULL,
  checkpoint TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES(1,10,X'c3b6fdfce979a92c87b843d3fac3740e53cc8cd0bf8f9e98c04064641ef5c11d',X'6842b7ce7f8f6df809d248706c4f78f22d797c7082be94397d64cceded800d74426cde942bffa2d7b70f8ff81f82e0d93f2ae92e7acb4e8ddda32e47b2de1d42',replace('audit.test.example/log\n10\nw7b9/Ol5qSyHuEPT+sN0DlPMjNC/j56YwEBkZB71wR0=\n\n— audit.test.example/log TzmdSkCRdD8hvmnuAwfy0JkmsW0J8Tc9hyYw+qqMoSJMXmFNyw/+fQmawigXBlb5Jxj9c/WkyRr51Up+uV1VTRycSgk=\n','\n',char(10)));
CREATE TABLE audit_key (
  id BLOB PRIMARY KEY NOT NULL,
  kind INTEGER NOT NULL,
  hash BLOB NOT NULL,
  seq INTEGER NOT NULL,
  wrapping BLOB NOT NULL,
  wrapped BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO audit_key VALUES(X'177d48b1a8344dd6edafbaf90fa48ca2',1,X'df08ae4fb51ce6ea3e09cc6aaa9127ab',3,X'b8a54d7df72395d4605a88fad3687b92',X'ef7e535e13bdd65d4a806006260d83faa905cc4036d10dd2b8b93b9ee19177eb06bb7c9c2c287ce9d1d813b2b140f17775bba2c042f04b96d7429f82');
INSERT INTO audit_key VALUES(X'2d1b518efecb1e07e523042c9f3ba6bd',5,X'2156d731b2c387717a34f931961dad2d',1,X'b8a54d7df72395d4605a88fad3687b92',X'd8f075608b77c1410fa5627a1fec6bfa16ae8edc4ee08fa9f75391b2c633cfe5d39f22da6d59baa3b15ec444b046045a269115acd8ed68769359e77e');
INSERT INTO audit_key VALUES(X'32bf801d89aba21f2d30aea7950a957d',1,X'763ff4826cd6f569007862eeb865e8dd',3,X'b8a54d7df72395d4605a88fad3687b92',X'9c2a9654565d80c9b1ba835b579db0d449ac6bc6ae675792f81bfb7c269cbb391aab9e22c39f3567ccaeca629b4d43c5f57e1ec3579037712be13c8c');
INSERT INTO audit_key VALUES(X'3670b6cb58629ddb8ed17d8e9ba8d370',1,X'5e55b657457d8058899f851587b8a3ee',3,X'b8a54d7df72395d4605a88fad3687b92',X'7e504abfdea7fe3cb79c2f03ed60fb4e2ebfed8fa8a5dd2e130ba573a52f897371606c5b4eed3b6288b0d3b7d1239f37db0a9f62ed57bcd9a2cd9034');
INSERT INTO audit_key VALUES(X'5e3e233186f93ee736211efaaf7cb3ad',0,X'84e0552dbc07668d69c3e58d7afc9a91',6,X'b8a54d7df72395d4605a88fad3687b92',X'bcaf8918eedd8b94343d8f86dc23a7e1ab5d1ab5251ef5b8d97985ea4d0420d64a887c95b7ea213bf1a6bff1a136a87ec2350a74865d15abd75c6695');
INSERT INTO audit_key VALUES(X'5e46d16953c37b5f3d5b573bcc8ef11d',1,X'de5788336864d6d2e5c48073970ed13a',4,X'b8a54d7df72395d4605a88fad3687b92',X'8103eeb126773cf0ce258b48b731d9a0008395abcf362f8511d26ba643c8c77b070d6ea274667deac75dfd1a346e89d7efebf36922037e8aea636c49');
INSERT INTO audit_key VALUES(X'64cc7fa79585befa4997aedda43b6a50',1,X'fe59dc4d56cd478f032d6e5a4912b817',3,X'b8a54d7df72395d4605a88fad3687b92',X'048384b8dc7252c7368377b5141e6d4e35a763606ae51e131a3f397bd76d122a6fa52053fea14071253ad979a93d15bc10617e066ef4aac546f5e362');
INSERT INTO audit_key VALUES(X'a2a6fa717e183eb01c728fd94f0a5bd3',1,X'79ec40819970df5f163c82d0b15c3c02',3,X'b8a54d7df72395d4605a88fad3687b92',X'aa4d2dbf89268dc3a8a32d92f79794f179cb1cf850b7ab8bfb4391d83a810c0127d00cbb904631cc9f888f1a14ff54f0f322ee00343114407a3eab25');
INSERT INTO audit_key VALUES(X'e4d9b0269fd06b63e93b2f0a08183abf',1,X'96117fa92351080a1bf1bd7aefd4f0e4',1,X'b8a54d7df72395d4605a88fad3687b92',X'f143810181c0733907aefe0b8623738c3f5e7f31327dfb8e4826c99c5e4e218adae5ca6f8c5b567c782db72a1eaaeeeac182dfd20245408aab59ba2f');
INSERT INTO audit_key VALUES(X'f8875ef4f7a49bf4fb16bdbba5f63f00',1,X'd69b67206a22398de583294babcf33b6',3,X'b8a54d7df72395d4605a88fad3687b92',X'963216bd2d9d25dde76aceeb6021234c3b5b5d612b7e009c4ce507e757b18bc1d61bc881b1ca7d787b46acfe27082d2f7cd5ca2b67146cc40fc7d31b');
INSERT INTO audit_key VALUES(X'f8a457d7e11af058efd682314159fc4f',1,X'5840f3a546149d1c35cb5ef1fb1ba501',3,X'b8a54d7df72395d4605a88fad3687b92',NULL);
CREATE TABLE audit_tile (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_hold (
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (hash, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_hold VALUES(X'79ec40819970df5f163c82d0b15c3c02',1,7);
CREATE TABLE audit_pruned (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  before INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
CREATE TABLE audit_object (
  span INTEGER NOT NULL,
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (span, hash, kind, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_object VALUES(0,X'041726b40e0618e54958cc1fc9928a8d',2,4);
INSERT INTO audit_object VALUES(0,X'2156d731b2c387717a34f931961dad2d',5,1);
INSERT INTO audit_object VALUES(0,X'2156d731b2c387717a34f931961dad2d',5,3);
INSERT INTO audit_object VALUES(0,X'2156d731b2c387717a34f931961dad2d',5,5);
INSERT INTO audit_object VALUES(0,X'2156d731b2c387717a34f931961dad2d',5,6);
INSERT INTO audit_object VALUES(0,X'2156d731b2c387717a34f931961dad2d',5,9);
INSERT INTO audit_object VALUES(0,X'2561b5f16d5865b285a47bd2e80fec32',2,3);
INSERT INTO audit_object VALUES(0,X'30eb451aa221c29db7f9e06912e209d8',2,1);
INSERT INTO audit_object VALUES(0,X'30eb451aa221c29db7f9e06912e209d8',2,3);
INSERT INTO audit_object VALUES(0,X'5840f3a546149d1c35cb5ef1fb1ba501',1,3);
INSERT INTO audit_object VALUES(0,X'5840f3a546149d1c35cb5ef1fb1ba501',1,8);
INSERT INTO audit_object VALUES(0,X'5d752466cfb0550fc3c2d28402c19fec',2,3);
INSERT INTO audit_object VALUES(0,X'5e55b657457d8058899f851587b8a3ee',1,3);
INSERT INTO audit_object VALUES(0,X'656bd48c359227250ead0f4eea853c9f',3,9);
INSERT INTO audit_object VALUES(0,X'6f4ec326c1cfe84f2e8160bf820a92d0',2,9);
INSERT INTO audit_object VALUES(0,X'763ff4826cd6f569007862eeb865e8dd',1,3);
INSERT INTO audit_object VALUES(0,X'79ec40819970df5f163c82d0b15c3c02',1,3);
INSERT INTO audit_object VALUES(0,X'79ec40819970df5f163c82d0b15c3c02',1,7);
INSERT INTO audit_object VALUES(0,X'96117fa92351080a1bf1bd7aefd4f0e4',1,1);
INSERT INTO audit_object VALUES(0,X'96117fa92351080a1bf1bd7aefd4f0e4',1,3);
INSERT INTO audit_object VALUES(0,X'96117fa92351080a1bf1bd7aefd4f0e4',1,9);
INSERT INTO audit_object VALUES(0,X'9f204b282a18201b86a88bb9762c84bf',2,3);
INSERT INTO audit_object VALUES(0,X'ab04b77d442d4079cc13ae66d7d75a3b',4,1);
INSERT INTO audit_object VALUES(0,X'ac58fb2961a71b5ca19da850c0aa43f7',2,3);
INSERT INTO audit_object VALUES(0,X'd18117d8c850ee1d648002a0361f97dd',2,3);
INSERT INTO audit_object VALUES(0,X'd69b67206a22398de583294babcf33b6',1,3);
INSERT INTO audit_object VALUES(0,X'de5788336864d6d2e5c48073970ed13a',1,4);
INSERT INTO audit_object VALUES(0,X'df08ae4fb51ce6ea3e09cc6aaa9127ab',1,3);
INSERT INTO audit_object VALUES(0,X'e06bda0933b72c312939bd7279c0155d',4,9);
INSERT INTO audit_object VALUES(0,X'f28ce293f585eba7297e2d8179300ceb',2,3);
INSERT INTO audit_object VALUES(0,X'f4648c6cc881c7b64f2d4cba753f7473',3,1);
INSERT INTO audit_object VALUES(0,X'fe59dc4d56cd478f032d6e5a4912b817',1,3);
INSERT INTO audit_object VALUES(0,X'fef7387d1471d62c9b027da6788e0416',2,3);
CREATE UNIQUE INDEX audit_key_subject ON audit_key (kind, hash) WHERE wrapped IS NOT NULL;
CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_key_kept BEFORE DELETE ON audit_key
  BEGIN SELECT RAISE(ABORT, 'a key may be shredded, its row stays'); END;
CREATE TRIGGER audit_tile_grows BEFORE UPDATE ON audit_tile
  WHEN OLD.level = 0 OR NEW.level <> OLD.level OR NEW.place <> OLD.place
    OR length(NEW.hashes) <> length(OLD.hashes) + 32
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_tile_kept BEFORE DELETE ON audit_tile
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_pruned_grows BEFORE UPDATE ON audit_pruned
  WHEN NEW.before < OLD.before OR NEW.seq <= OLD.seq
  BEGIN SELECT RAISE(ABORT, 'what was pruned does not come back'); END;
CREATE TRIGGER audit_pruned_kept BEFORE DELETE ON audit_pruned
  BEGIN SELECT RAISE(ABORT, 'what was pruned does not come back'); END;
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
  WHEN OLD.seq >= (SELECT coalesce(max(before), 0) FROM audit_pruned)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_object_unchanged BEFORE UPDATE ON audit_object
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_object_kept BEFORE DELETE ON audit_object
  WHEN OLD.seq >= (SELECT coalesce(max(before), 0) FROM audit_pruned)
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
COMMIT;
