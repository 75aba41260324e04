using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;
using Cnn.Graph.Training;

namespace Cnn.Graph.Tests.Support;

/// <summary>A training step run over and over on the CPU, with everything that it takes at hand.</summary>
internal sealed class StepRun : IDisposable
{
    private readonly GraphRunner _runner;
    private readonly Dictionary<Value, TensorData> _values;
    private readonly CounterRandom _noise;
    private long _step;

    public StepRun(Network network, Loss loss, Optimizer optimizer, long seed = 1)
    {
        _noise = new CounterRandom(seed, "noise");
        Graph = TrainGraph.Of(network, loss, optimizer);
        _runner = new GraphRunner([Graph.Loss, .. Graph.Updates.Select(u => u.Next)]);
        _values = GraphRunner.Feeds(Graph.Variables.Concat(Graph.Frozen).Select(v => ((Value)v, v.Initializer.Draw(v, seed))));
    }

    public TrainGraph Graph { get; }

    /// <summary>The present numbers of a variable, by name.</summary>
    public float[] this[string variable] => _values.Single(v => v.Key is Variable && v.Key.Name == variable).Value.Floats();

    public TensorData this[Variable variable] => _values[variable];

    /// <summary>What the last step was fed anew, save the learning rate.</summary>
    public IEnumerable<(Input Input, TensorData Data)> Fed =>
        Graph.Inputs.Where(i => i.Kind != InputKind.Scalar).Select(i => (i, _values[i]));

    /// <returns>The loss before the step.</returns>
    public float Step(TensorData images, TensorData target, float learningRate)
    {
        foreach (Input input in Graph.Inputs)
        {
            _values[input] = input.Kind switch
            {
                InputKind.Scalar => TensorData.Scalar(learningRate),
                InputKind.Target => target,
                InputKind.Noise => Draw(input, images.Dims[0]),
                _ => images,
            };
        }

        _step++;

        IReadOnlyList<TensorData> results = _runner.Run(_values);
        foreach ((Update update, TensorData next) in Graph.Updates.Zip(results.Skip(1)))
        {
            _values[update.Variable] = next;
        }

        return results[0].Floats()[0];
    }

    private TensorData Draw(Input input, long batch)
    {
        long[] dims = input.Shape.Bind(Network.BatchSymbol, batch).Sizes();
        var numbers = new float[TensorData.CountOf(dims)];
        input.Noise!.Fill(numbers, _noise.Substream(unchecked((long)CounterRandom.Fnv1a(input.Name))).Substream(_step));
        return TensorData.Of<float>(numbers, dims);
    }

    public void Dispose() => _runner.Dispose();
}
