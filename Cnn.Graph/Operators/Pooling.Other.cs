using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>√Σ x² over the window. An operator of its own because the gradient of a square root is infinite at zero.</summary>
/// <param name="Window">How the window slides.</param>
public sealed record L2Pool(Window Window) : Pool(Window);

/// <summary>The element of the window that is <paramref name="Rank"/>-th from below, counted from 0. Padding would count.</summary>
/// <param name="Window">How the window slides; without padding.</param>
/// <param name="Rank">0 for the smallest element, taps − 1 for the largest.</param>
public sealed record RankPool(Window Window, int Rank) : Pool(Window);

/// <summary>
/// Stochastic pooling (Zeiler &amp; Fergus, 2013) of numbers that are not negative. In use it is the mean of the window weighted by the
/// elements themselves, Σ a² / Σ a, and 0 where all are zero. In training it is one element, drawn with probability a / Σ a: the training
/// form has uniform numbers [N, C, H', W'] as a second input and takes the first element at which the running sum reaches their share of
/// Σ a.
/// </summary>
/// <param name="Window">How the window slides.</param>
public sealed record StochasticPool(Window Window) : Pool(Window);

/// <summary>The mean of the window with the weights exp(−distance² / 2σ²) of its taps from its middle; padding does not count.</summary>
/// <param name="Window">How the window slides.</param>
/// <param name="Sigma">The standard deviation in pixels.</param>
public sealed record DistanceWeightedPool(Window Window, double Sigma) : Pool(Window)
{
    private double[][] Weights => [.. Window.Kernel.Select(k => Enumerable.Range(0, k).Select(t => Weight(t - ((k - 1) / 2.0))).ToArray())];

    internal override IEnumerable<string> CheckSettings() => Sigma >= Window.Kernel.Max() / 10.0
        ? base.CheckSettings()
        : base.CheckSettings().Append(
            $"`sigma` (={Sigma}) must be at least a tenth of the kernel (={string.Join("x", Window.Kernel)}), or weights would vanish.");

    /// <summary>The weights as kernels of a depthwise convolution, [C, 1, kh, kw]; their sum is one.</summary>
    internal Constant Kernels(Shape picture, ElementType type)
    {
        double[] weights = [1];
        foreach (double[] axis in Weights)
        {
            weights = [.. weights.SelectMany(outer => axis.Select(inner => outer * inner))];
        }

        double sum = weights.Sum();
        float[] kernel = [.. weights.Select(w => (float)(w / sum))];
        long channels = picture[1].Size;
        return Constants.Floats(
            [.. Enumerable.Range(0, (int)channels).SelectMany(_ => kernel)], [channels, 1, .. Window.Kernel.Select(k => (long)k)], type);
    }

    /// <summary>One over the sum of the weights that stand on real pixels, for each position, [H', W'].</summary>
    internal Constant Shares(Shape picture, ElementType type)
    {
        int[] none = new int[Window.Rank];
        double all = Weights.Aggregate(1.0, (product, axis) => product * axis.Sum());
        float[] shares = [.. Window.Covered(picture, none, none, Weights).Select(sum => (float)(all / sum))];
        return Constants.Floats(shares, Window.OutputSizes(picture), type);
    }

    private double Weight(double distance) => Math.Exp(-(distance * distance) / (2 * Sigma * Sigma));
}
