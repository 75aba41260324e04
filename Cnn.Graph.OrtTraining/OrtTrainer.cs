using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Files;
using Cnn.Graph.Training;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// Trains a network with its artifacts in ONNX Runtime Training, on the processor: the same samples in the same order, at the same rates as
/// <see cref="Trainer"/>. One training at a time. It needs the native library of the package <c>Microsoft.ML.OnnxRuntime.Training</c>.
/// </summary>
/// <example>
/// <code>
/// TrainingArtifacts.Of(Model.Initialize(lenet), new() { Optimizer = options.Optimizer }).Save("lenet5");
/// using var trainer = new OrtTrainer(lenet, "lenet5", options);
/// trainer.Fit(mnist.Train, mnist.Test);
/// trainer.Model.SaveOnnx("lenet5.onnx");
/// </code>
/// </example>
public sealed class OrtTrainer : IDisposable
{
    private readonly ArtifactSteps _steps;
    private readonly TrainingLoop _loop;

    /// <summary>Loads artifacts.</summary>
    /// <param name="network">The network that they were made of.</param>
    /// <param name="folder">Where <c>cnn artifacts</c> or <see cref="TrainingArtifacts.Save"/> wrote them.</param>
    /// <param name="options">
    /// How to train. Loss and optimiser are in the artifacts and must be named here as they are there: of the optimiser the rate and the
    /// number of batches a step count. Device and fallback do not count.
    /// </param>
    /// <param name="checkpoint">
    /// The checkpoint to go on from; the folder's own by default. Where its optimiser did steps, <see cref="Fit"/> goes on behind them.
    /// </param>
    /// <exception cref="CnnGraphException">
    /// A file is missing or damaged, the artifacts are of another network, an option is out of range, or the native library cannot train.
    /// </exception>
    public OrtTrainer(Network network, string folder, TrainingOptions? options = null, string? checkpoint = null)
        : this(network, ArtifactFolder.Find(folder, checkpoint), options, artifacts => new NativeRuntime(artifacts))
    {
    }

    /// <summary>Loads artifacts into a runtime of another kind.</summary>
    internal OrtTrainer(Network network, ArtifactFolder artifacts, TrainingOptions? options, Func<ArtifactFolder, ITrainingRuntime> load)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Network, Options) = (network, options ?? new TrainingOptions());
        Options.Validate();
        OrtCheckpoint checkpoint = OrtCheckpoint.Load(artifacts.Checkpoint);
        checkpoint.ToModel(network); // names every difference, which the runtime does not
        _loop = new TrainingLoop(Options, new Target(this))
        {
            State = TrainingState.Start with { Step = (checkpoint.Optimizer?.Step ?? 0) * Options.Optimizer.AccumulationSteps },
        };
        _steps = new ArtifactSteps(network, Options, () => load(artifacts));
    }

    /// <summary>What is trained.</summary>
    public Network Network { get; }

    /// <summary>How.</summary>
    public TrainingOptions Options { get; }

    /// <summary>How many batches were trained, those before a checkpoint included.</summary>
    public long StepsDone => _loop.State.Step;

    /// <summary>The network with its present parameters.</summary>
    /// <exception cref="CnnGraphException">The runtime cannot write a checkpoint, by which they come here.</exception>
    public Model Model
    {
        get
        {
            string folder = Directory.CreateTempSubdirectory("cnn-graph-").FullName;
            try
            {
                string file = Path.Combine(folder, TrainingArtifacts.CheckpointFile);
                _steps.Save(file);
                return new Model(Network, OrtCheckpoint.Load(file).ToModel(Network).Weights) { Card = _loop.Card };
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Trains one batch; the parameters move where it is the last of a step.</summary>
    /// <param name="filler">The set.</param>
    /// <param name="samples">Which of its samples.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <returns>The mean loss of the batch and its right answers (null where the loss has no such notion), both before the step.</returns>
    /// <exception cref="CnnGraphException">The pictures do not fit the network, or the runtime cannot run the step.</exception>
    public (float Loss, long? Correct) Step(BatchFiller filler, ReadOnlySpan<int> samples, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(filler);
        DatasetFit.Require(Network, filler.Dataset);
        TrainingState state = _loop.State;
        (float loss, long? correct) = _steps.Train(filler, samples, learningRate, state.Step);
        _loop.State = TrainingState.Start with { Step = state.Step + 1, History = state.History, LastLoss = loss };
        return (loss, correct);
    }

    /// <summary>Trains, away from the calling thread. See <see cref="Fit"/>.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The set that is measured after every pass; may be missing.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Stops after the present batch; a checkpoint is written first where a path was given.</param>
    /// <returns>The losses and accuracies of all passes.</returns>
    public Task<TrainingHistory> FitAsync(
        ImageDataset train,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(
            () => Fit(train, validation, progress, cancellationToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    /// <summary>Trains up to the epochs and steps of the options, from where as many steps as were done lead to.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The set that is measured after every pass; may be missing.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Stops after the present batch; a checkpoint is written first where a path was given.</param>
    /// <returns>The losses and accuracies of the passes; of one that a checkpoint cut in two, only of the part here.</returns>
    /// <exception cref="CnnGraphException">
    /// The pictures do not fit the network, the loss is no longer a finite number, or the checkpoint's path holds something else.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was cancelled; calling again goes on.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training already.</exception>
    public TrainingHistory Fit(
        ImageDataset train,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        DatasetFit.Require(Network, train);
        var filler = new BatchFiller(train, Options.Normalization ?? Normalization.Of(train));
        var plan = new BatchPlan(train.Count, Options.BatchSize, Options.Order, Options.Seed);
        TrainingState state = _loop.State;
        if (((long)state.Epoch * plan.BatchesPerEpoch) + state.Batch != state.Step)
        {
            (long epoch, long batch) = Math.DivRem(state.Step, plan.BatchesPerEpoch);
            _loop.State = TrainingState.Start with { Step = state.Step, Epoch = (int)epoch, Batch = (int)batch, History = state.History };
        }

        return new TrainingHistory(_loop.Run(filler, plan, validation, progress, cancellationToken), StepsDone, Device.Cpu);
    }

    /// <summary>Measures the network, as it is used, with the evaluation model.</summary>
    /// <param name="dataset">Labelled pictures.</param>
    /// <param name="normalization">How pixels become inputs, which must be as in training.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="CnnGraphException">The pictures do not fit the network.</exception>
    public EvaluationResult Evaluate(ImageDataset dataset, Normalization normalization, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        DatasetFit.Require(Network, dataset);
        return _steps.Evaluate(new BatchFiller(dataset, normalization), cancellationToken);
    }

    /// <summary>Writes a checkpoint with all that the optimiser keeps. Here <see cref="OrtCheckpoint.Load"/> reads it.</summary>
    /// <param name="path">The file; replaced only when the new one is complete.</param>
    /// <exception cref="CnnGraphException">The file cannot be written.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.EnsureWritable(path); // tells more than the runtime does
        AtomicFile.Replace(path, _steps.Save);
        _loop.LastCheckpoint = path;
    }

    /// <inheritdoc/>
    public void Dispose() => _steps.Dispose();

    private sealed class Target(OrtTrainer trainer) : ILoopTarget
    {
        public (float Loss, long? Correct) Train(BatchFiller filler, ReadOnlySpan<int> samples, double learningRate, long step) =>
            trainer._steps.Train(filler, samples, learningRate, step);

        public EvaluationResult Measure(ImageDataset validation, Normalization normalization, CancellationToken cancellationToken) =>
            trainer.Evaluate(validation, normalization, cancellationToken);

        public void SaveCheckpoint(string path) => trainer.SaveCheckpoint(path);

        public void RequireReplaceable(string path)
        {
            try
            {
                OrtCheckpoint.Load(path);
            }
            catch (CnnGraphException e)
            {
                throw new CnnGraphException(
                    $"No checkpoint will be written over '{path}', which is something else: {e.Message} Name another file.", e);
            }
        }
    }
}
