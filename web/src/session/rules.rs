//! What is asked next, of whom, and what follows from failures.

use super::seat::{Asked, Seat, Task};
use super::{Act, Choice, Device, Notice, Phase, Session, notice};
use protocol::{Kind, Message, Request, RequestId};

/// How many predictions a device is timed over.
const MEASURED_RUNS: u32 = 7;

/// How often the CPU worker may end in a row before it is given up.
pub(super) const MOST_DEATHS: u32 = 3;

impl Session {
    pub(super) fn seat(&self, device: Device) -> &Seat {
        &self.seats[device as usize]
    }

    pub(super) fn seat_mut(&mut self, device: Device) -> &mut Seat {
        &mut self.seats[device as usize]
    }

    /// Whatever can be asked now. Every event ends here.
    pub(super) fn next_acts(&mut self) -> Vec<Act> {
        let mut acts = Vec::new();
        self.use_best_device();
        if self.model == Some(Ok(())) {
            for device in Device::BOTH {
                if self.seat(device).is_waiting_for_model() {
                    acts.push(self.load(device));
                }
            }
        }
        acts.extend(self.replace());
        acts.extend(self.predict());
        acts.extend(self.classify_batch());
        for device in Device::BOTH {
            if self.seat(device).is_unmeasured() {
                acts.push(self.ask(
                    device,
                    Request::Measure {
                        runs: MEASURED_RUNS,
                    },
                    Task::Measure,
                ));
            }
        }
        if self.wants_gpu() {
            self.seat_mut(Device::Gpu).start();
            acts.push(Act::Start(Device::Gpu));
        }
        acts
    }

    /// The GPU module is fetched once the CPU has answered what was drawn meanwhile and is measured.
    fn wants_gpu(&self) -> bool {
        let cpu = self.seat(Device::Cpu);
        let cpu_is_done =
            cpu.failure().is_some() || cpu.ready().is_some_and(|ready| ready.median.is_some());
        self.seat(Device::Gpu).phase == Phase::Absent
            && matches!(self.gpu, Some(Ok(())))
            && self.choice != Choice::Only(Device::Cpu)
            && cpu_is_done
    }

    /// Moves to the device that should answer now; the image on the paper is then sent to it.
    fn use_best_device(&mut self) {
        let best = self.best_device();
        if best != self.in_use {
            self.seat_mut(self.in_use).abandon(Task::Predict);
            self.in_use = best;
            self.unsent = self.image.is_some();
        }
    }

    fn best_device(&self) -> Device {
        let ready = |device: Device| self.seat(device).ready();
        match (self.choice, ready(Device::Cpu), ready(Device::Gpu)) {
            (Choice::Only(device), _, _) if ready(device).is_some() => device,
            (Choice::Automatic, Some(cpu), Some(gpu)) => match (cpu.median, gpu.median) {
                (Some(cpu), Some(gpu)) if gpu < cpu => Device::Gpu,
                _ => Device::Cpu,
            },
            (_, None, Some(_)) => Device::Gpu,
            _ => Device::Cpu,
        }
    }

    fn predict(&mut self) -> Option<Act> {
        let image = self.image.as_ref().filter(|_| self.unsent)?;
        if !self.seat(self.in_use).is_free() {
            return None;
        }
        let request = Request::Predict {
            image: Box::new(image.clone()),
            kind: Kind::Drawing,
        };
        self.unsent = false;
        Some(self.ask(self.in_use, request, Task::Predict))
    }

    /// Gives the model that is to answer to each worker that has another.
    fn replace(&mut self) -> Vec<Act> {
        let number = self.answering.number;
        let stale = |device: &Device| {
            let seat = self.seat(*device);
            seat.is_free() && seat.net != number
        };
        let stale: Vec<Device> = Device::BOTH.into_iter().filter(stale).collect();
        stale
            .into_iter()
            .flat_map(|device| self.replace_on(device))
            .collect()
    }

    fn replace_on(&mut self, device: Device) -> Vec<Act> {
        let model = self.answering.number;
        let Some(net) = &self.answering.net else {
            // A worker that is made anew has the model that is loaded.
            *self.seat_mut(device) = Seat::default();
            self.seat_mut(device).start();
            self.unsent = self.image.is_some();
            return vec![Act::Stop(device), Act::Start(device)];
        };
        let request = Request::Replace {
            model,
            weights: net.weights.clone(),
            sidecar: net.sidecar.clone(),
        };
        vec![self.ask(device, request, Task::Replace(model))]
    }

    /// A worker has accepted the other model: what is on the paper is to be looked at anew.
    pub(super) fn replaced(&mut self, device: Device, task: Task) {
        if let Task::Replace(number) = task {
            self.seat_mut(device).net = number;
            if number == self.answering.number {
                self.accepted = self.answering.clone();
            }
        }
        if device == self.in_use {
            self.unsent = self.image.is_some();
        }
    }

    /// A worker cannot answer with this model: the one before it answers on, everywhere. Where another
    /// worker has accepted it, this worker is at fault.
    fn refused(&mut self, device: Device, number: u32, sentence: &str) -> Vec<Act> {
        if number == self.accepted.number {
            return self.died(device, sentence);
        }
        if number != self.answering.number {
            // Another model has been chosen since, or the other worker has refused it before.
            return Vec::new();
        }
        self.answering = self.accepted.clone();
        self.notice = Some(Notice::new(notice::model_refused(sentence)));
        let mut acts = vec![Act::ModelRefused];
        // The photos were for the refused model.
        if self.batch.take().is_some() {
            acts.push(Act::NotClassified(notice::model_refused(sentence)));
        }
        acts
    }

    /// Photos come after the drawing, which somebody waits for.
    fn classify_batch(&mut self) -> Option<Act> {
        if !self.seat(self.in_use).is_free() {
            return None;
        }
        let batch = self.batch.as_mut().filter(|batch| !batch.sent)?;
        batch.sent = true;
        let images = batch.images.clone();
        Some(self.ask(self.in_use, Request::Classify { images }, Task::Classify))
    }

    pub(super) fn abandon(&mut self, task: Task) {
        self.seats.iter_mut().for_each(|seat| seat.abandon(task));
    }

    /// After a worker has ended: photos that no worker has any more are sent again.
    fn recover_batch(&mut self) {
        let under_way = self.seats.iter().any(|seat| seat.does(Task::Classify));
        if let Some(batch) = &mut self.batch {
            batch.sent = under_way;
        }
    }

    fn load(&mut self, device: Device) -> Act {
        let id = self.next_id();
        let seat = self.seat_mut(device);
        seat.phase = Phase::Loading;
        seat.asked = Some(Asked::new(id, Task::Load));
        Act::Load(device, id)
    }

    /// Posts a request that occupies the device until it is answered.
    fn ask(&mut self, device: Device, request: Request, task: Task) -> Act {
        let act = self.post(device, request);
        self.seat_mut(device).asked = Some(Asked::new(RequestId(self.last_id), task));
        act
    }

    pub(super) fn post(&mut self, device: Device, body: Request) -> Act {
        let id = self.next_id();
        Act::Post(device, Message { id, body })
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id = self.last_id.wrapping_add(1).max(1);
        RequestId(self.last_id)
    }

    /// A request was refused. The CPU goes on if it can; WebGPU is left for the CPU.
    pub(super) fn failed(&mut self, device: Device, task: Task, sentence: &str) -> Vec<Act> {
        if let Task::Replace(number) = task {
            return self.refused(device, number, sentence);
        }
        if device == Device::Gpu {
            return self.leave_gpu(sentence);
        }
        match task {
            // The browser's cache may hold a damaged copy of the files.
            Task::Load if !self.fetched_anew => {
                self.fetched_anew = true;
                self.model = None;
                self.seat_mut(device).phase = Phase::Waiting;
                vec![Act::FetchModel]
            }
            Task::Load => {
                self.seat_mut(device).phase = Phase::Failed(sentence.to_owned());
                vec![Act::Stop(device)]
            }
            // Asking for the time again would fail again, without end; restarts are counted.
            Task::Measure => self.died(device, sentence),
            Task::Classify => {
                self.batch = None;
                vec![Act::NotClassified(sentence.to_owned())]
            }
            // `refused` has dealt with a model that is not accepted.
            Task::Predict | Task::Replace(_) => {
                self.notice = Some(Notice::new(sentence));
                Vec::new()
            }
        }
    }

    pub(super) fn died(&mut self, device: Device, reason: &str) -> Vec<Act> {
        if device == Device::Gpu {
            return self.leave_gpu(reason);
        }
        let deaths = self.seat(device).deaths + 1;
        *self.seat_mut(device) = Seat {
            deaths,
            ..Seat::default()
        };
        self.unsent = self.image.is_some();
        self.recover_batch();
        if deaths > MOST_DEATHS {
            let sentence = notice::cpu_given_up(reason);
            self.seat_mut(device).phase = Phase::Failed(sentence);
            return vec![Act::Stop(device)];
        }
        self.notice = Some(Notice::new(notice::cpu_restarted(reason)));
        self.seat_mut(device).start();
        vec![Act::Stop(device), Act::Start(device)]
    }

    fn leave_gpu(&mut self, reason: &str) -> Vec<Act> {
        let sentence = notice::gpu_left(reason);
        *self.seat_mut(Device::Gpu) = Seat {
            phase: Phase::Failed(sentence.clone()),
            ..Seat::default()
        };
        self.recover_batch();
        self.notice = Some(Notice::new(sentence));
        if self.choice == Choice::Only(Device::Gpu) {
            self.choice = Choice::Automatic;
        }
        vec![Act::Stop(Device::Gpu)]
    }
}
