using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Tests.Support;

/// <summary>
/// Compares gradients with differences of the function itself. The function's output is weighted with random numbers r, so that the
/// gradient of Σ r·f must equal Σ r·∂f for every element of every leaf.
/// </summary>
internal sealed class GradientCheck
{
    private readonly Dictionary<Value, TensorData> _feeds;
    private readonly Value _output;
    private readonly Value _loss;
    private readonly Input _weight;

    /// <param name="output">The function's value.</param>
    /// <param name="feeds">Numbers for every leaf of it.</param>
    /// <param name="outputDims">The dimensions of the output when it is run.</param>
    public GradientCheck(Value output, Dictionary<Value, TensorData> feeds, IReadOnlyList<long>? outputDims = null)
    {
        _output = output;
        _weight = new Input(Label.Fixed("r"), output.Type);
        _loss = (output * _weight).Sum(output.AllAxes());
        Weights = Tensors.Uniform("r", outputDims ?? output.Shape.Sizes());
        _feeds = new Dictionary<Value, TensorData>(feeds, ReferenceEqualityComparer.Instance) { [_weight] = Weights };
    }

    /// <summary>The random weights r of the output's elements.</summary>
    public TensorData Weights { get; }

    /// <summary>The gradients by automatic differentiation.</summary>
    public IReadOnlyList<TensorData> Automatic(params IReadOnlyList<Value> values) =>
        GraphRunner.Evaluate(Gradient.Of(_loss, values), _feeds);

    /// <summary>
    /// The gradients by differences at −2h, −h, h and 2h, which is exact for polynomials of degree four. The sums are taken in double.
    /// </summary>
    public IReadOnlyList<float[]> Numeric(double step, params IReadOnlyList<Value> leaves)
    {
        using var runner = new GraphRunner([_output]);
        return [.. leaves.Select(leaf => Numeric(runner, leaf, step))];
    }

    private float[] Numeric(GraphRunner runner, Value leaf, double step)
    {
        TensorData original = _feeds[leaf];
        var gradient = new float[original.Count];
        for (int i = 0; i < gradient.Length; i++)
        {
            double near = At(1) - At(-1), far = At(2) - At(-2);
            gradient[i] = (float)(((8 * near) - far) / (12 * step));

            double At(int steps)
            {
                float[] moved = original.Floats();
                moved[i] += (float)(steps * step);
                _feeds[leaf] = TensorData.Of<float>(moved, original.Dims);
                return Weighted(runner.Run(_feeds)[0]);
            }
        }

        _feeds[leaf] = original;
        return gradient;
    }

    private double Weighted(TensorData output)
    {
        ReadOnlySpan<float> y = output.Span<float>(), r = Weights.Span<float>();
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += (double)y[i] * r[i];
        }

        return sum;
    }
}
