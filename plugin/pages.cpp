// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/pages.h"

#include <cstdint>
#include <span>
#include <string>

#include "http/response_head.h"
#include "web/files.h"

namespace sekisho::plugin {
namespace {

constexpr std::string_view kCode = "/sekisho/app/";

void set_field(const Sdk& sdk, OrthancPluginRestOutput* output, std::string_view name,
               std::string_view value) {
  OrthancPluginSetHttpHeader(sdk.context(), output, std::string(name).c_str(),
                             std::string(value).c_str());
}

void set_fields(const Sdk& sdk, OrthancPluginRestOutput* output,
                std::span<const http::Field> fields) {
  for (const auto& [name, value] : fields) set_field(sdk, output, name, value);
}

/// Orthanc compresses it where the browser and its own configuration want that.
void send_file(const Sdk& sdk, OrthancPluginRestOutput* output, const web::File& file,
               http::Content content, http::Caching caching) {
  set_fields(sdk, output, http::constant_fields());
  set_fields(sdk, output, http::fields_of(content));
  set_field(sdk, output, "Cache-Control", http::cache_control(caching));
  OrthancPluginAnswerBuffer(sdk.context(), output, file.text.data(),
                            static_cast<std::uint32_t>(file.text.size()),
                            std::string(file.type).c_str());
}

}  // namespace

void send_page(const Sdk& sdk, OrthancPluginRestOutput* output, std::string_view url) {
  if (url.starts_with(kCode)) {
    const web::File* file = web::find_code(web::Site::staff, url.substr(kCode.size()));
    if (file == nullptr) {
      OrthancPluginSendHttpStatusCode(sdk.context(), output, 404);
      return;
    }
    return send_file(sdk, output, *file, http::Content::data, http::Caching::immutable);
  }
  if (url == "/sekisho") return OrthancPluginRedirect(sdk.context(), output, "sekisho/");
  send_file(sdk, output, web::page(web::Site::staff), http::Content::page, http::Caching::no_store);
}

const char* const kExplorerScript = R"js(
(function () {
  var words = /^ja/.test(navigator.language) ? ['連携先へ共有', '共有 (Sekisho)'] : ['Share with a clinic', 'Sharing (Sekisho)'];
  function link(text, address) {
    return $('<a>', {text: text, href: '#', 'data-role': 'button', 'data-icon': 'forward'}).click(function (event) {
      event.preventDefault();
      window.open(address(), '_blank', 'noopener');
    });
  }
  $('#study').live('pagebeforecreate', function () {
    $('#study-delete').closest('li').before($('<li>', {'data-icon': 'forward'}).append(link(words[0], function () {
      return '../sekisho/?orthanc=' + encodeURIComponent($.mobile.pageData.uuid);
    }).removeAttr('data-role')));
  });
  $('#lookup').live('pagebeforecreate', function () {
    $('#lookup [data-role=content]').append(link(words[1], function () { return '../sekisho/'; }));
  });
})();
)js";

}  // namespace sekisho::plugin
