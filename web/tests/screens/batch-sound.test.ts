// Recordings on a page of drafts: one is heard at a time.
import { expect, test } from 'vitest';
import { BatchSound, type AudioLike } from '../../src/screens/batch/batch-sound.svelte';

function player(play: () => Promise<void> = () => Promise.resolve()) {
  const audio: AudioLike & { log: string[] } = {
    src: '',
    currentTime: 0,
    duration: 10,
    paused: true,
    log: [],
    play() {
      this.log.push(`play ${this.src} ${this.currentTime}`);
      return play();
    },
    pause() {},
  };
  const sound = new BatchSound();
  sound.use(audio);
  return { audio, sound };
}
const one = { task: 't1', url: '/1' };
const two = { task: 't2', url: '/2' };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('the key plays the recording in focus, pauses it, and goes on where it was', () => {
  const { audio, sound } = player();
  sound.toggle(one);
  expect(sound.playing).toBe(true);
  audio.currentTime = 4;
  sound.moved();
  expect(sound.share).toBe(0.4);
  sound.toggle(one);
  expect(sound.playing).toBe(false);
  sound.toggle(one);
  expect(audio.log).toEqual(['play /1 0', 'play /1 4']);
});

test('going on while one plays hears the next; in silence nothing begins', () => {
  const { audio, sound } = player();
  sound.follow(two);
  expect(sound.playing).toBe(false);
  sound.toggle(one);
  sound.follow(two);
  expect(sound.task).toBe('t2');
  expect(audio.log.map((line) => line.split(' ')[1])).toEqual(['/1', '/2']);
  sound.follow(null);
  expect(sound.playing).toBe(false);
});

test('a click on the waveform plays from there', () => {
  const { audio, sound } = player();
  sound.seek(two, 0.5, 10);
  expect(audio.log).toEqual(['play /2 5']);
  expect(sound.share).toBe(0.5);
});

test('at its end it stands at the start again', () => {
  const { audio, sound } = player();
  sound.toggle(one);
  audio.currentTime = 10;
  sound.ended();
  expect(sound.playing).toBe(false);
  expect(sound.share).toBe(0);
  expect(audio.currentTime).toBe(0);
});

test('what cannot be played says so, and the next one is heard all the same', async () => {
  let isBroken = true;
  const { sound } = player(() =>
    isBroken ? Promise.reject(new Error('no such coding')) : Promise.resolve(),
  );
  sound.toggle(one);
  await settled();
  expect(sound.failed).toBe('t1');
  expect(sound.playing).toBe(false);
  isBroken = false;
  sound.toggle(two);
  await settled();
  expect(sound.failed).toBeNull();
  expect(sound.playing).toBe(true);
});

test('a recording given up before it has begun is no failure', async () => {
  const { sound } = player(() => Promise.reject(new DOMException('paused', 'AbortError')));
  sound.toggle(one);
  sound.pause();
  await settled();
  expect(sound.failed).toBeNull();
});
