#!/usr/bin/env node
// Trains with the artifacts of ONNX Runtime Training in the real runtime, version 1.19.2 as WebAssembly, and prints what came of it:
//
//   node tools/ort-training/train.mjs FOLDER [PLAN.json]
//
// FOLDER holds the four files. The plan is {"steps": [FEEDS, …], "every": k, "eval": FEEDS, "checkpoint": FILE}: the training model is run
// on the feeds of each step, the optimizer after every k-th of them (1 by default; 0 for never), and the evaluation model in the end. Feeds
// are {"image": {"type": "float32", "dims": […], "data": BASE64}, …}. The answer is one JSON document, {"inputs": […], "losses": […],
// "eval": {"loss": {…}, …}}. Where the plan names a file, the tensors that the evaluation model shows as trained/NAME and frozen/NAME are
// written there as a checkpoint, by Google's own FlatBuffers: the runtime for browsers cannot save one.
//
// Without a plan the steps come one by one as lines on the standard input, and each is answered by a line: first {"inputs": […]} unasked,
// then {"train": FEEDS} and {"eval": FEEDS} are answered by their results, {"optimize": true} and {"checkpoint": FILE, "eval": FEEDS} by {}.
//
// The runtime comes from npm and is kept in a cache outside the work tree. Exit code 77 says that it cannot be had.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const runtime = 'onnxruntime-web@1.19.2';

const die = (code, message) => {
  console.error(`ort-training: ${message}`);
  process.exit(code);
};

function install() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cnn.graph', 'ort-training');
  const home = join(cache, runtime);
  if (!existsSync(home)) {
    mkdirSync(cache, { recursive: true });
    const work = mkdtempSync(join(cache, 'work-'));
    const windows = process.platform === 'win32';
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', '--fetch-retry-mintimeout=2000'];
    const command = ['install', '--prefix', work, ...options, runtime];
    const npm = spawnSync(windows ? 'npm.cmd' : 'npm', command, { encoding: 'utf8', shell: windows });
    if (npm.error || npm.status !== 0) {
      rmSync(work, { recursive: true, force: true });
      const reason = npm.error ? 'npm is not installed' : /^npm \S+ code (.*)$/m.exec(npm.stderr)?.[1] ?? 'no reason given';
      die(77, `npm cannot bring ${runtime} (${reason}); is there a network?`);
    }
    try {
      renameSync(work, home); // another run may have been first
    } catch (e) {
      rmSync(work, { recursive: true, force: true });
      if (!existsSync(home)) throw e;
    }
  }
  return join(home, 'node_modules');
}

const arrays = { float32: Float32Array, int64: BigInt64Array };

function decode(feeds) {
  return Object.fromEntries(Object.entries(feeds).map(([name, { type, dims, data }]) => {
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
    return [name, new ort.Tensor(type, new arrays[type](bytes.buffer), dims)];
  }));
}

const bytesOf = ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const encode = (results) => Object.fromEntries(Object.entries(results).map(([name, tensor]) =>
  [name, { type: tensor.type, dims: tensor.dims, data: Buffer.from(bytesOf(tensor)).toString('base64') }]));

function checkpointOf(shown, require) {
  const { flatbuffers } = require('flatbuffers');
  const builder = new flatbuffers.Builder(1024);
  const table = (slots, fill) => {
    builder.startObject(slots);
    fill();
    return builder.endObject();
  };
  const vectorOf = (offsets) => {
    builder.startVector(4, offsets.length, 4);
    offsets.reverse().forEach((offset) => builder.addOffset(offset));
    return builder.endVector();
  };
  const tensor = (name, { dims, data }) => {
    builder.startVector(1, data.byteLength, 8);
    bytesOf({ data }).toReversed().forEach((b) => builder.addInt8((b << 24) >> 24));
    const raw = builder.endVector();
    builder.startVector(8, dims.length, 8);
    dims.toReversed().forEach((d) => builder.addInt64(builder.createLong(Number(d), 0)));
    const sizes = builder.endVector();
    const text = builder.createString(name);
    return table(7, () => {
      builder.addFieldOffset(0, text, 0);
      builder.addFieldOffset(2, sizes, 0);
      builder.addFieldInt32(3, 1, 0);
      builder.addFieldOffset(4, raw, 0);
    });
  };
  const tensors = (kind) => vectorOf(
    Object.entries(shown).filter(([name]) => name.startsWith(kind)).map(([name, t]) => tensor(name.slice(kind.length), t)));
  const [trained, frozen] = [tensors('trained/'), tensors('frozen/')];
  const module = table(4, () => {
    builder.addFieldOffset(0, trained, 0);
    builder.addFieldOffset(1, frozen, 0);
  });
  builder.finish(table(4, () => {
    builder.addFieldInt32(0, 2, 0);
    builder.addFieldOffset(1, module, 0);
  }), 'ODTC');
  return builder.asUint8Array();
}

const [folder, planFile] = process.argv.slice(2);
if (!folder) die(2, 'it is node tools/ort-training/train.mjs FOLDER [PLAN.json]');
const modules = install();
const ort = await import(pathToFileURL(join(modules, 'onnxruntime-web', 'dist', 'ort.training.wasm.min.mjs')));
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const read = (name) => new Uint8Array(readFileSync(join(folder, name)));
const answer = (value) => new Promise((done) => { process.stdout.write(`${JSON.stringify(value)}\n`, done); });
try {
  const session = await ort.TrainingSession.create({
    checkpointState: read('checkpoint'),
    trainModel: read('training_model.onnx'),
    evalModel: read('eval_model.onnx'),
    optimizerModel: read('optimizer_model.onnx'),
  });
  const inputs = session.trainingInputNames;
  const trainedNames = session.handler.outputNames;
  const train = async (feeds) => {
    session.handler.outputNames = trainedNames;
    return session.runTrainStep(decode(feeds));
  };
  const optimize = async () => {
    await session.runOptimizerStep();
    await session.lazyResetGrad();
  };
  const evaluate = async (feeds) => {
    session.handler.outputNames = session.evalOutputNames; // 1.19.2 calls the answers of the evaluation model after the training model's
    return session.runEvalStep(decode(feeds));
  };
  const save = (file, shown) => writeFileSync(file, checkpointOf(shown, createRequire(join(modules, 'x.js'))));
  if (planFile) {
    const plan = JSON.parse(readFileSync(planFile, 'utf8'));
    const every = plan.every ?? 1;
    const losses = [];
    for (const [i, feeds] of plan.steps.entries()) {
      losses.push((await train(feeds)).loss.data[0]);
      if (every > 0 && (i + 1) % every === 0) await optimize();
    }
    const shown = await evaluate(plan.eval);
    if (plan.checkpoint) save(plan.checkpoint, shown);
    await answer({ inputs, losses, eval: encode(shown) });
  } else {
    await answer({ inputs });
    for await (const line of createInterface({ input: process.stdin })) {
      const asked = JSON.parse(line);
      if (asked.train) await answer(encode(await train(asked.train)));
      else if (asked.optimize) await answer(await optimize() ?? {});
      else if (asked.checkpoint) await answer(save(asked.checkpoint, await evaluate(asked.eval)) ?? {});
      else await answer(encode(await evaluate(asked.eval)));
    }
  }
  process.exit(0); // the runtime would keep the process alive
} catch (e) {
  die(1, `the runtime failed: ${e?.message ?? e}`);
}
