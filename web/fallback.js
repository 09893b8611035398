// Says why Wardrobe does not start where its own scripts cannot: they are missing, of a wrong type, blocked, or
// too new for this browser. In old JavaScript, so that every browser can run it.
(function () {
  "use strict";
  var PATIENCE = 5000; // milliseconds
  var BROWSERS = "a current version of Chrome, Edge, Firefox or Safari";
  // The smallest module with a SIMD instruction.
  var SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  function say(sentence) {
    var boot = document.getElementById("boot");
    if (!boot) return; // Wardrobe runs.
    boot.textContent = sentence;
    boot.setAttribute("role", "alert");
    var late = document.querySelector(".late");
    if (late) late.parentNode.removeChild(late);
  }

  // What this browser or the way here lacks, as a sentence.
  function lacking() {
    if (location.protocol === "file:") {
      return "Wardrobe was opened as a file, and browsers run its programs only if a web server sends them. Open it at its web address, which begins with http:// or https://.";
    }
    if (!("noModule" in document.createElement("script")) || typeof fetch !== "function") {
      return "This browser is too old for Wardrobe. Use " + BROWSERS + ".";
    }
    if (typeof WebAssembly !== "object") {
      return "WebAssembly, with which Wardrobe computes, is switched off or missing in this browser. Switch it on for this page, or use " + BROWSERS + ".";
    }
    if (!WebAssembly.validate(new Uint8Array(SIMD))) {
      return "This browser's WebAssembly is too old for Wardrobe: it lacks SIMD. Use " + BROWSERS + ".";
    }
    return "";
  }

  // The programs that have to be there, whether each must be typed as JavaScript.
  function programs() {
    var start = document.querySelector("script[type=module]");
    if (!start) return [];
    var names = new URL(start.src).searchParams;
    return [[start.src, true], [names.get("js"), true], [names.get("wasm"), false]];
  }

  function wrongWith(program) {
    return fetch(program[0], { method: "HEAD", cache: "no-store" }).then(function (answer) {
      var name = new URL(answer.url).pathname.split("/").pop();
      var type = answer.headers.get("Content-Type") || "no type";
      if (!answer.ok) {
        return "Wardrobe's file " + name + " is missing: the server answers " + answer.status + ". Reload the page, or try again later.";
      }
      if (program[1] && !/javascript|ecmascript/.test(type)) {
        return "The server sends Wardrobe's file " + name + " as " + type + " instead of JavaScript, and browsers do not run that. Try again later.";
      }
      return "";
    }, function () {
      return "Wardrobe's programs cannot be fetched. Check the connection and reload the page.";
    });
  }

  // Finds out what is wrong. start.js leaves the error behind that it ended with.
  function trouble() {
    var error = window.wardrobeError;
    var sentence = lacking();
    if (sentence) return say(sentence);
    Promise.all(programs().map(wrongWith)).then(function (sentences) {
      sentence = sentences.filter(Boolean)[0];
      if (!sentence && error) {
        sentence = "Wardrobe could not start (" + error.message + "). Reload the page; if that does not help, use " + BROWSERS + ".";
      }
      if (sentence) say(sentence);
    });
  }

  window.wardrobeTrouble = trouble;
  setTimeout(function () {
    if (document.querySelector(".late")) trouble();
  }, PATIENCE);
})();
