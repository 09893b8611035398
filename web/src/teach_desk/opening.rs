//! Bringing what was stored of teaching, and which tab may change it.

use super::{LESSON, RUNS, TRAY, TeachDesk};
use crate::browser::tabs;
use crate::teach::lesson::Then;
use crate::teach::{Lesson, Runs, Tray};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The lock that the tab has which teaches.
const LOCK: &str = "wardrobe.teach";

/// What is said where another tab has it.
pub const LOOKING: &str =
    "Another tab of this page teaches. Here you can look on; close the other one to teach here.";

/// Whether this tab may change what is kept of teaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// That is not known yet, or what is kept is not here yet.
    Asking,
    /// It may.
    Ours,
    /// Another one does.
    Looking,
}

impl TeachDesk {
    /// Brings examples and trainings, lets the net answer that did when the page was left, and goes on
    /// with a lesson that ran. Where another tab teaches, this one looks on until that is closed: each
    /// would write over what the other one keeps.
    pub fn open(self) {
        Effect::new(move || {
            if self.desk.refusals.get() > 0 {
                untrack(|| self.follow_refusal());
            }
        });
        tabs::claim(LOCK, move |ours| {
            spawn_local(async move {
                let tray: Tray = self.loaded(TRAY).await.unwrap_or_default();
                self.tray.set(tray);
                self.bring_runs().await;
                if ours {
                    self.take_over().await;
                } else if self.tab.get_untracked() == Tab::Asking {
                    self.tab.set(Tab::Looking);
                    self.do_what_waited();
                }
            });
        });
    }

    async fn bring_runs(self) {
        let runs: Option<Runs> = self.loaded(RUNS).await;
        self.runs_are_stored.set(runs.is_some());
        let runs = runs.unwrap_or_default();
        let in_use = runs.in_use;
        self.runs.set(runs);
        if let Some(id) = in_use
            && !self.answer_with_run(id).await
        {
            // Unless another one has been chosen meanwhile.
            self.runs.update(|runs| {
                runs.in_use.take_if(|used| *used == id);
            });
        }
    }

    /// This tab teaches from now on; a lesson that ran when the page was left goes on.
    async fn take_over(self) {
        let lesson: Option<Lesson> = self.loaded(LESSON).await;
        let ran = lesson.is_some_and(|lesson| {
            let (lesson, ran) = lesson.take_up();
            self.settings.set(lesson.settings.clone());
            self.limit.set(lesson.limit);
            self.lesson.set(lesson);
            ran
        });
        self.tab.set(Tab::Ours);
        self.desk.session.update(|session| session.retract(LOOKING));
        if ran {
            self.tell(|lesson| lesson.resume(Then::Run));
        }
        self.do_what_waited();
    }

    /// Does something that changes what is kept, as soon as it is known whether this tab may; otherwise
    /// the person is told why not.
    pub(super) fn when_ours(self, act: impl FnOnce() + 'static) {
        match self.tab.get_untracked() {
            Tab::Asking => self.waiting.update_value(|acts| acts.push(Box::new(act))),
            Tab::Ours => act(),
            Tab::Looking => self.hint(LOOKING),
        }
    }

    fn do_what_waited(self) {
        let acts = self.waiting.try_update_value(std::mem::take);
        for act in acts.unwrap_or_default() {
            self.when_ours(act);
        }
    }
}
