/** Calls back at a pace until it is stopped or the callback answers false. */
export class Clock {
  #timer = 0;

  get running() { return this.#timer !== 0; }

  start(pace, tick) {
    this.stop();
    const next = () => { this.#timer = tick() ? setTimeout(next, pace()) : 0; };
    this.#timer = setTimeout(next, pace());
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
