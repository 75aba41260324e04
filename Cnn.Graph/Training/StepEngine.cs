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
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly Device _device;
    private readonly bool _allowCpuFallback;
    private readonly CounterRandom _noise;
    private readonly IReadOnlyList<Variable> _trained;
    private readonly IReadOnlyList<Variable> _frozen;
    private readonly VariableStore _store;
    private readonly Dictionary<int, StepSession> _sessions = [];
    private Dictionary<string, TensorData> _frozenValues = [];

    public StepEngine(Network network, Loss loss, Optimizer optimizer, Device device, long seed, bool allowCpuFallback = false)
    {
        (_network, _loss, _optimizer, _device, _allowCpuFallback) = (network, loss, optimizer, device, allowCpuFallback);
        _noise = StepFeeds.NoiseOf(seed);
        TrainGraph graph = TrainGraph.Of(network, loss, optimizer);
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
        _store.Write([.. _trained.Select(v => values[v.Name])]);
        _frozenValues = _frozen.ToDictionary(p => p.Name, p => values[p.Name]);
        DisposeSessions();
    }

    public Dictionary<string, TensorData> Read()
    {
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
        if (!_sessions.TryGetValue(indices.Length, out StepSession? session))
        {
            Network network = _network.WithBatch(indices.Length);
            TrainModel model = TrainModel.Of(
                network, _loss, _optimizer, batchLast: LayoutChoice.IsBatchLast(network, _device), limits: DeviceLimits.Of(_device));
            session = _sessions[indices.Length] = new StepSession(model, _store, _frozenValues, _device, _allowCpuFallback);
        }

        filler.Fill(indices, session.Images, session.Labels);
        foreach ((Input input, float[] numbers) in session.Noise)
        {
            StepFeeds.Draw(input, numbers, _noise, step);
        }

        return session.Run(learningRate);
    }

    public void Dispose()
    {
        DisposeSessions();
        _store.Dispose();
    }

    private void DisposeSessions()
    {
        foreach (StepSession session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }
}
