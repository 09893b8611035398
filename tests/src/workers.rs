//! Scripts by which a test gets at the page's workers.

/// Keeps the page's workers where a test can reach them.
pub const REACH_WORKERS: &str = "window.workers = []; \
    window.Worker = class extends Worker { \
        constructor(...words) { super(...words); window.workers.push(this); } \
    };";

/// Defines `runningWorkers(name)`: how many workers run whose script's address contains this name.
pub const COUNT_WORKERS: &str = "{ \
        const running = new Map(); \
        window.Worker = class extends Worker { \
            constructor(script, ...rest) { super(script, ...rest); running.set(this, String(script)); } \
            terminate() { super.terminate(); running.delete(this); } \
        }; \
        window.runningWorkers = name => [...running.values()].filter(script => script.includes(name)).length; \
    }";

/// In a worker: throws when the test says `die`, as a trap in WebAssembly would.
pub const MORTAL: &str = "self.addEventListener('message', event => { \
        if (event.data !== 'die') return; \
        event.stopImmediatePropagation(); \
        setTimeout(() => { throw new Error('killed by a test'); }); \
    });\n";
