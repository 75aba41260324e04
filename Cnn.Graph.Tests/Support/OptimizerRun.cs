using Cnn.Graph.Ir;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph.Tests.Support;

/// <summary>An optimiser's graph, run step by step on given gradients or on those of a loss.</summary>
internal sealed class OptimizerRun
{
    private readonly Input _rate = new(Label.Fixed("rate"), TensorType.Float(), InputKind.Scalar);
    private readonly Dictionary<Value, TensorData> _values;

    /// <param name="optimizer">The optimiser.</param>
    /// <param name="loss">A scalar of the parameters.</param>
    /// <param name="parameters">The parameters; their initialisers give the first values.</param>
    public OptimizerRun(Optimizer optimizer, Value loss, params IReadOnlyList<Parameter> parameters)
    {
        Parameter[] trained = [.. parameters.Where(optimizer.Trains)];
        Updates = [.. optimizer.Updates([.. trained.Zip(Gradient.Of(loss, trained), (p, g) => new ParameterGradient(p, g))], _rate)];
        _values = GraphRunner.Feeds(parameters.Concat(Updates.Select(u => u.Variable)).Distinct().Select(v => ((Value)v, v.Initializer.Draw(v, 0))));
    }

    /// <summary>What a step changes.</summary>
    public IReadOnlyList<Update> Updates { get; }

    /// <summary>The present numbers of a parameter or state.</summary>
    public float[] this[Variable variable] => _values[variable].Floats();

    public static Parameter Weight(string name, double first, params long[] dims) =>
        new(Label.Fixed(name), TensorType.Float(dims.Select(d => (Dimension)d)), Initializer.Constant(first), ParameterRole.Weight);

    /// <summary>One step at each rate, and what <paramref name="watched"/> is after it.</summary>
    public IReadOnlyList<float> Run(Variable watched, IEnumerable<double> rates, Action<int, Dictionary<Value, TensorData>>? feed = null)
    {
        using var runner = new GraphRunner([.. Updates.Select(u => u.Next)]);
        var path = new List<float>();
        foreach ((int step, double rate) in rates.Index())
        {
            feed?.Invoke(step, _values);
            _values[_rate] = TensorData.Scalar((float)rate);
            IReadOnlyList<TensorData> next = runner.Run(_values);
            for (int i = 0; i < Updates.Count; i++)
            {
                _values[Updates[i].Variable] = next[i];
            }

            path.Add(this[watched][0]);
        }

        return path;
    }
}
