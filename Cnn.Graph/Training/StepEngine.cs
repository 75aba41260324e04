using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Randomness;
using Cnn.Graph.Runtime;

namespace Cnn.Graph.Training;

/// <summary>Trains step after step on a device. The variables stay there; every size of batch has a session of its own.</summary>
internal sealed class StepEngine : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Device _device;
    private readonly CounterRandom _noise;
    private readonly IReadOnlyList<Variable> _trained;
    private readonly IReadOnlyList<Variable> _frozen;
    private readonly VariableStore _store;
    private readonly Dictionary<int, StepSession> _sessions = [];
    private Dictionary<string, TensorData> _frozenValues = [];
    private bool _isDisposed;

    /// <param name="network">The network.</param>
    /// <param name="options">Loss, optimiser, precision, seed, and whether the CPU may help.</param>
    /// <param name="device">The device; not <see cref="Device.Auto"/>.</param>
    public StepEngine(Network network, TrainingOptions options, Device device)
    {
        (_network, _options, _device) = (network, options, device);
        _noise = StepFeeds.NoiseOf(options.Seed);
        TrainGraph graph = TrainGraph.Of(network, options.Loss, options.Optimizer, options.UsedLossScale);
        _trained = [.. graph.Variables];
        _frozen = graph.Frozen;
        _store = new VariableStore(_trained, device);
    }

    /// <summary>Parameters and statistics, frozen ones too, and optimiser states.</summary>
    public IEnumerable<Variable> Variables => _trained.Concat(_frozen);

    /// <summary>Starts from the numbers of a model; what it does not hold, such as the optimiser's states, is drawn.</summary>
    public void Start(Model model, long seed) =>
        Write(Variables.ToDictionary(v => v.Name, v => model.Weights.GetValueOrDefault(v.Name) ?? v.Initializer.Draw(v, seed)));

    public void Write(IReadOnlyDictionary<string, TensorData> values)
    {
        RequireAlive();
        _store.Write([.. _trained.Select(v => values[v.Name])]);
        _frozenValues = _frozen.ToDictionary(p => p.Name, p => values[p.Name]);
        DisposeSessions();
    }

    public Dictionary<string, TensorData> Read()
    {
        RequireAlive();
        var values = new Dictionary<string, TensorData>(_frozenValues);
        foreach ((Variable variable, TensorData data) in _trained.Zip(_store.Read()))
        {
            values[variable.Name] = data;
        }

        return values;
    }

    /// <summary>Trains one step on some samples of a set.</summary>
    /// <param name="filler">The set.</param>
    /// <param name="indices">The samples.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="step">The number of the step, which decides the dropout masks and other noise.</param>
    public (float Loss, long? Correct) Step(BatchFiller filler, ReadOnlySpan<int> indices, float learningRate, long step)
    {
        RequireAlive();
        if (!_sessions.TryGetValue(indices.Length, out StepSession? session))
        {
            session = _sessions[indices.Length] = new StepSession(
                ModelFor(indices.Length), _store, _frozenValues, _device, _options.AllowCpuFallback);
        }

        filler.Fill(indices, session.Images, session.Labels);
        foreach ((Input input, float[] numbers) in session.Noise)
        {
            StepFeeds.Draw(input, numbers, _noise, step);
        }

        return session.Run(learningRate);
    }

    /// <summary>Where the nodes of a step run.</summary>
    public IReadOnlyList<NodePlacement> Placements(int batchSize) => NodePlacement.Of(ModelFor(batchSize).Onnx.ToBytes(), _device);

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        DisposeSessions();
        _store.Dispose();
    }

    /// <summary>The step in the form that suits the device.</summary>
    private TrainModel ModelFor(int batchSize)
    {
        Network network = _network.WithBatch(batchSize);
        return TrainModel.Of(
            network,
            _options.Loss,
            _options.Optimizer,
            batchLast: LayoutChoice.IsBatchLast(network, _device),
            limits: DeviceLimits.Of(_device),
            lossScale: _options.UsedLossScale);
    }

    /// <exception cref="ObjectDisposedException">The memory of the device was given back.</exception>
    private void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(Trainer));

    private void DisposeSessions()
    {
        foreach (StepSession session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }
}
