// Says what happens at a bank that answers: a line for people, or an object for programs.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <mutex>
#include <string>

#include "peer/answer.h"

namespace polder {

class Reporter {
 public:
  enum class Form { text, json };
  explicit Reporter(Form form) : form_(form) {}

  void say(boost::json::object object, const std::string& text);
  void tell(const BankLinks& links, const AnswerEvent& event);
  void tell(const Error& error);

 private:
  const Form form_;
  std::mutex mutex_;
};

/// What is told of strangers that knock: they can as often as they like, so one line a second.
std::function<void(const Error&)> on_stranger(Reporter& reporter);

}  // namespace polder
