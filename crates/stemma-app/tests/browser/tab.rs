//! One page in the browser, as a person has it before them: goes to addresses, clicks, types, and notes what goes wrong on the way.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::chromium::{self, Browser, MOST_TIME};

static BROWSER: OnceLock<Option<Mutex<Browser>>> = OnceLock::new();

/// A page of its own, without cookies of others. The browser is used by one at a time.
pub(crate) struct Tab {
    browser: MutexGuard<'static, Browser>,
    session: String,
    context: String,
    origin: String,
    /// Of the window, in CSS pixels.
    pub(crate) width: u32,
    /// What went wrong, with the address.
    problems: Vec<String>,
}

impl Tab {
    /// A page for the server at `origin`. None where this machine has no browser.
    pub(crate) fn open(origin: &str) -> Option<Self> {
        let browser = BROWSER.get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join("chromium");
            chromium::find().map(|program| Mutex::new(Browser::start(&program, &folder)))
        });
        let mut browser = browser.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let context = browser.call(None, "Target.createBrowserContext", &json!({})).unwrap();
        let context = context["browserContextId"].as_str().unwrap().to_owned();
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = browser.call(None, "Target.createTarget", &target).unwrap();
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call(None, "Target.attachToTarget", &attached).unwrap();
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let mut tab =
            Self { browser, session, context, origin: origin.to_owned(), width: 0, problems: Vec::new() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), &json!({}));
        }
        tab.call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }));
        tab.resize(1280, 800);
        tab.set_dark(false);
        Some(tab)
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        match self.browser.call(Some(&self.session), method, parameters) {
            Ok(result) => result,
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Width and height of the window, in CSS pixels; a narrow one is that of a phone.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        self.width = width;
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// What the person has set their system to.
    pub(crate) fn set_dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let feature = |name: &str, value: &str| json!({ "name": name, "value": value });
        // Nothing moves, so that what is looked at is there.
        let features = [feature("prefers-color-scheme", value), feature("prefers-reduced-motion", "reduce")];
        let media = json!({ "media": "", "features": features });
        self.call("Emulation.setEmulatedMedia", &media);
    }

    /// Whether scripts of pages run. Those of [`Self::eval`] always do.
    pub(crate) fn set_scripts(&mut self, run: bool) {
        self.call("Emulation.setScriptExecutionDisabled", &json!({ "value": !run }));
    }

    /// Goes to a path of the server and waits until the page is there.
    pub(crate) fn goto(&mut self, path: &str) {
        // Marks the document, so that the next one is told from it.
        self.eval("globalThis.isOld = true");
        let url = format!("{}{path}", self.origin);
        let answer = self.call("Page.navigate", &json!({ "url": url }));
        assert_eq!(answer.get("errorText"), None, "{path}");
        self.settle();
    }

    /// Shows HTML that no server has sent.
    pub(crate) fn show(&mut self, html: &str) {
        let frame = self.call("Page.getFrameTree", &json!({}))["frameTree"]["frame"]["id"].clone();
        self.call("Page.setDocumentContent", &json!({ "frameId": frame, "html": html }));
        self.wait("document.readyState === 'complete'");
    }

    /// Does something that leads to another page, and waits for that.
    pub(crate) fn leave(&mut self, act: impl FnOnce(&mut Self)) {
        self.eval("globalThis.isOld = true");
        act(self);
        self.settle();
    }

    fn settle(&mut self) {
        self.wait("!globalThis.isOld && document.readyState === 'complete'");
    }

    /// Waits until an expression is true.
    pub(crate) fn wait(&mut self, condition: &str) {
        let begin = Instant::now();
        while self.try_eval(condition) != Ok(Value::Bool(true)) {
            assert!(begin.elapsed() < MOST_TIME, "{}: never came true: {condition}", self.path());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.note();
    }

    /// The value of an expression in the page.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        self.try_eval(expression).unwrap_or_else(|problem| panic!("{expression}: {problem}"))
    }

    fn try_eval(&mut self, expression: &str) -> Result<Value, String> {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.browser.call(Some(&self.session), "Runtime.evaluate", &asked)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(details.to_string()),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// The text of an expression's value.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        match self.eval(expression) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Path, query and fragment of the page.
    pub(crate) fn path(&mut self) -> String {
        self.text("location.pathname + location.search + location.hash")
    }

    /// Clicks with the mouse where the element is that an expression gives.
    pub(crate) fn click(&mut self, element: &str) {
        let place = self.eval(&format!(
            "(() => {{ const element = {element}; if (!element) return null; element.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const box = element.getClientRects()[0]; return box && {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }}; }})()"
        ));
        assert!(place.is_object(), "{}: nothing to click on: {element}", self.path());
        for kind in ["mousePressed", "mouseReleased"] {
            let (x, y) = (&place["x"], &place["y"]);
            let press = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &press);
        }
    }

    /// Presses a key: `Tab`, `Enter`, `Escape`, ` `, or an arrow.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            "ArrowDown" => (40, ""),
            "ArrowRight" => (39, ""),
            other => panic!("{other} is not on this keyboard"),
        };
        let name = if key == " " { "Space" } else { key };
        for kind in ["keyDown", "keyUp"] {
            let mut press = json!({ "type": kind, "key": key, "code": name, "windowsVirtualKeyCode": code });
            if kind == "keyDown" && !text.is_empty() {
                press["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", &press);
        }
    }

    /// Types text where the focus is.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// What went wrong since the last time: errors on the console, scripts that broke, requests to other hosts or that failed, dialogs.
    pub(crate) fn problems(&mut self) -> Vec<String> {
        self.note();
        std::mem::take(&mut self.problems)
    }

    fn note(&mut self) {
        for event in self.browser.events(&self.session) {
            let about = &event["params"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let url = text(&about["request"]["url"]);
                    let is_own = url.starts_with(&format!("{}/", self.origin));
                    if !is_own && !url.starts_with("data:") && url != "about:blank" {
                        self.problems.push(format!("asks another host: {url}"));
                    }
                }
                "Runtime.exceptionThrown" => {
                    self.problems.push(format!("a script broke: {}", about["exceptionDetails"]))
                }
                "Runtime.consoleAPICalled"
                    if ["error", "assert"].contains(&text(&about["type"]).as_str()) =>
                {
                    self.problems.push(format!("console: {}", about["args"]));
                }
                "Log.entryAdded" if about["entry"]["level"] == "error" => {
                    let entry = &about["entry"];
                    self.problems.push(format!("log: {} {}", text(&entry["text"]), text(&entry["url"])));
                }
                "Page.javascriptDialogOpening" => {
                    self.problems.push(format!("a dialog opened: {}", text(&about["message"])));
                    self.call("Page.handleJavaScriptDialog", &json!({ "accept": false }));
                }
                _ => {}
            }
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        // A browser that has ended has no pages left.
        let _ = self.browser.call(None, "Target.disposeBrowserContext", &context);
    }
}
