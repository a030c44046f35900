#include "raise.h"

#include <nanobind/nanobind.h>

#include "base/error.h"

namespace nb = nanobind;

namespace polder {
namespace {

void raise_as_python(const Error& error) {
  const std::string code(name(error.code()));
  const nb::object kind = nb::module_::import_("polder.errors").attr("of_code")(code.c_str());
  PyErr_SetString(kind.ptr(), error.what());
}

}  // namespace

void raise_in_python(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    try {
      raise_as_python(error);
    } catch (nb::python_error& instead) {
      instead.restore();  // Python runs a signal's handler in its code: Ctrl-C just then
    }
  }
}

}  // namespace polder
