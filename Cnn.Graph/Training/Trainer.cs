using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Optimizers;
using Cnn.Graph.Runtime;
using Cnn.Graph.Training;

namespace Cnn.Graph;

/// <summary>Trains a network on a device. One training at a time; dispose it to give the device's memory back.</summary>
/// <example>
/// <code>
/// using var trainer = new Trainer(lenet, new TrainingOptions { Epochs = 5 });
/// TrainingHistory history = await trainer.FitAsync(mnist.Train, mnist.Test);
/// trainer.Model.SaveOnnx("lenet5.onnx");
/// </code>
/// </example>
public sealed class Trainer : IDisposable
{
    private readonly StepEngine _engine;
    private readonly TrainingLoop _loop;
    private bool _isDone;

    /// <summary>Prepares to train a network from freshly drawn parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How to train it.</param>
    /// <exception cref="CnnGraphException">
    /// An option is out of range, the loss does not fit the output, or the device is not there.
    /// </exception>
    public Trainer(Network network, TrainingOptions? options = null)
        : this(Model.Initialize(network, options?.Seed ?? 0), options)
    {
    }

    /// <summary>Prepares to train a model further.</summary>
    /// <param name="model">The network and the numbers to start from.</param>
    /// <param name="options">How to train it.</param>
    /// <exception cref="CnnGraphException">
    /// An option is out of range, the loss does not fit the output, or the device is not there.
    /// </exception>
    public Trainer(Model model, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new TrainingOptions();
        Options.Validate();
        Network = model.Network;
        Device = Devices.Resolve(Options.Device);
        _engine = new StepEngine(Network, Options, Device);
        _engine.Start(model, Options.Seed);
        _loop = new TrainingLoop(Options, new Target(this));
    }

    /// <summary>What is trained.</summary>
    public Network Network { get; }

    /// <summary>How.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Where: what <see cref="Cnn.Graph.Device.Auto"/> turned out to be.</summary>
    public Device Device { get; }

    /// <summary>The network with its present parameters, as the last step left them, copied from the device.</summary>
    public Model Model => ModelOf((v, values) => values[v.Name]);

    /// <summary>
    /// The network with the running averages of its parameters, copied from the device: the model that validation measures. It is
    /// <see cref="Model"/> unless the optimiser keeps averages (<see cref="Optimizer.AveragingDecay"/>), and until its first step.
    /// </summary>
    public Model AveragedModel => ModelOf(ParameterAverage.Of);

    /// <summary>
    /// Where each node of a training step runs. The step is loaded once more for that and run on zeros, so it takes the time and memory of
    /// a further step; the training stays as it is.
    /// </summary>
    /// <exception cref="CnnGraphException">ONNX Runtime refuses the step even with the CPU's help.</exception>
    public IReadOnlyList<NodePlacement> Placements() => _engine.Placements(Options.BatchSize);

    /// <summary>Goes on where a checkpoint was left: parameters, optimiser states, position and history.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="CnnGraphException">The file is no checkpoint of this network under these options.</exception>
    public void Resume(string path)
    {
        Checkpoint checkpoint = LossScale.Completed(Checkpoint.Load(path), _engine.Variables);
        checkpoint.RequireFit(path, Network, Options, _engine.Variables);
        _engine.Write(checkpoint.Variables);
        (_loop.State, _loop.LastCheckpoint) = (checkpoint.State, path);
    }

    /// <summary>Writes a checkpoint of the present state.</summary>
    /// <param name="path">The file; replaced only when the new one is complete.</param>
    /// <exception cref="CnnGraphException">The file cannot be written, or a parameter is no longer a finite number.</exception>
    public void SaveCheckpoint(string path)
    {
        Checkpoint.Of(Network, Options, _loop.State, _engine.Read()).Save(path);
        _loop.LastCheckpoint = path;
    }

    /// <summary>Trains, away from the calling thread.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The set that is measured after every pass; may be missing.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is written first where a path was given.</param>
    /// <returns>The losses and accuracies of all passes.</returns>
    /// <exception cref="CnnGraphException">
    /// The pictures do not fit the network, the loss is no longer a finite number, or the checkpoint's path holds something else.
    /// </exception>
    /// <exception cref="DeviceException">The device failed: it was lost, or has not enough memory. The last checkpoint is good.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled; calling again goes on.</exception>
    /// <exception cref="InvalidOperationException">The trainer has done all its epochs.</exception>
    public Task<TrainingHistory> FitAsync(
        ImageDataset train,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(
            () => Fit(train, validation, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Trains. See <see cref="FitAsync"/>.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The set that is measured after every pass; may be missing.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Stops after the present step; a checkpoint is written first where a path was given.</param>
    /// <returns>The losses and accuracies of all passes.</returns>
    /// <exception cref="CnnGraphException">
    /// The pictures do not fit the network, the loss is no longer a finite number, or the checkpoint's path holds something else.
    /// </exception>
    /// <exception cref="DeviceException">The device failed: it was lost, or has not enough memory. The last checkpoint is good.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled; calling again goes on.</exception>
    /// <exception cref="InvalidOperationException">The trainer has done all its epochs, or is training already.</exception>
    public TrainingHistory Fit(
        ImageDataset train,
        ImageDataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (_isDone)
        {
            throw new InvalidOperationException(
                $"This trainer has done what its options asked for ({Options.Epochs} epochs). To train further, make a new one from its Model, " +
                "or resume its checkpoint with more epochs.");
        }

        DatasetFit.Require(Network, train);
        var filler = new BatchFiller(train, Options.Normalization ?? Normalization.Of(train));
        try
        {
            var plan = new BatchPlan(train.Count, Options.BatchSize, Options.Order, Options.Seed);
            IReadOnlyList<EpochResult> results = _loop.Run(filler, plan, validation, progress, cancellationToken);
            _isDone = true;
            return new TrainingHistory(results, StepsDone, Device);
        }
        catch (DeviceException e) when (_loop.LastCheckpoint is { } last)
        {
            // What the device holds may be lost; nothing is read from it any more.
            throw new DeviceException(
                e.Device, $"{e.Message.TrimEnd('.')}. The last checkpoint is '{last}'; it can be resumed on this device or another.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    /// <summary>All that training moves or uses, by name, copied from the device: the model's numbers and the optimiser's states.</summary>
    internal IReadOnlyDictionary<string, TensorData> Variables => _engine.Read();

    /// <summary>How many batches were trained.</summary>
    internal long StepsDone => _loop.State.Step;

    private Model ModelOf(Func<Variable, IReadOnlyDictionary<string, TensorData>, TensorData> numbers)
    {
        Dictionary<string, TensorData> values = _engine.Read();
        return new Model(Network, Network.Variables.ToDictionary(v => v.Name, v => numbers(v, values))) { Card = _loop.Card };
    }

    /// <summary>Measures the averaged model on the device that trained it.</summary>
    internal EvaluationResult Measure(ImageDataset validation, Normalization normalization, CancellationToken cancellationToken)
    {
        using var evaluator = new Evaluator(AveragedModel.ToOnnx(Model.DefaultOpset, DeviceLimits.Of(Device)), Device, Options.AllowCpuFallback);
        return evaluator.Evaluate(validation, normalization, cancellationToken: cancellationToken);
    }

    private sealed class Target(Trainer trainer) : ILoopTarget
    {
        public (float Loss, long? Correct) Train(BatchFiller filler, ReadOnlySpan<int> samples, double learningRate, long step) =>
            trainer._engine.Step(filler, samples, (float)learningRate, step);

        public EvaluationResult Measure(ImageDataset validation, Normalization normalization, CancellationToken cancellationToken) =>
            trainer.Measure(validation, normalization, cancellationToken);

        public void SaveCheckpoint(string path) => trainer.SaveCheckpoint(path);

        public void RequireReplaceable(string path) => Checkpoint.RequireReplaceable(path);
    }
}
