using System.Globalization;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Optimizers;

namespace Cnn.Graph;

/// <summary>A bound on gradients, so that one wild batch does not throw the parameters away.</summary>
public abstract record GradientClipping
{
    /// <summary>No bound.</summary>
    public static GradientClipping None { get; } = new NoClipping();

    /// <summary>
    /// All gradients together are scaled down to a Euclidean norm of at most <paramref name="threshold"/> (Pascanu et al., 2013; Caffe's
    /// clip_gradients). Inception-v3 used 2.0.
    /// </summary>
    /// <param name="threshold">The largest norm; above 0.</param>
    public static GradientClipping GlobalNorm(double threshold) => new NormClipping(Require(threshold), IsGlobal: true);

    /// <summary>Each parameter's gradient is scaled down to a Euclidean norm of at most <paramref name="threshold"/>.</summary>
    /// <param name="threshold">The largest norm; above 0.</param>
    public static GradientClipping TensorNorm(double threshold) => new NormClipping(Require(threshold), IsGlobal: false);

    /// <summary>Every element is cut to [−threshold, threshold].</summary>
    /// <param name="threshold">The largest magnitude; above 0.</param>
    public static GradientClipping Value(double threshold) => new ValueClipping(Require(threshold));

    internal abstract IReadOnlyList<ParameterGradient> Apply(IReadOnlyList<ParameterGradient> gradients);

    private static double Require(double threshold) => threshold > 0 && double.IsFinite(threshold)
        ? threshold
        : throw new ArgumentOutOfRangeException(
            nameof(threshold), threshold, string.Create(CultureInfo.InvariantCulture, $"`threshold` (={threshold}) must be a finite number above 0."));

    private sealed record NoClipping : GradientClipping
    {
        internal override IReadOnlyList<ParameterGradient> Apply(IReadOnlyList<ParameterGradient> gradients) => gradients;
    }

    private sealed record ValueClipping(double Threshold) : GradientClipping
    {
        internal override IReadOnlyList<ParameterGradient> Apply(IReadOnlyList<ParameterGradient> gradients)
        {
            using IDisposable scope = Label.Fixed("clip").Enter();
            return [.. gradients.Select(g => g with { Gradient = g.Gradient.Minimum(Threshold).Maximum(-Threshold) })];
        }
    }

    private sealed record NormClipping(double Threshold, bool IsGlobal) : GradientClipping
    {
        internal override IReadOnlyList<ParameterGradient> Apply(IReadOnlyList<ParameterGradient> gradients)
        {
            using IDisposable scope = Label.Fixed("clip").Enter();
            Ir.Value[] squares = [.. gradients.Select(g => (g.Gradient * g.Gradient).Sum(g.Gradient.AllAxes()))];
            Ir.Value? all = IsGlobal && squares.Length > 0 ? squares.Aggregate((a, b) => a + b) : null;
            return [.. gradients.Select((g, i) => g with { Gradient = g.Gradient * Factor(all ?? squares[i]) })];
        }

        /// <summary>threshold / max(norm, threshold): 1 while the norm is within bounds.</summary>
        private Ir.Value Factor(Ir.Value square) => Threshold / square.Sqrt().Maximum(Threshold);
    }
}
