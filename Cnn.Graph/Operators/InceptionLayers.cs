using Cnn.Graph.Ir;

namespace Cnn.Graph;

/// <summary>
/// Inception modules (Szegedy et al., "Going deeper with convolutions", 2014, figure 2): kernels of several sizes look at the same
/// pictures side by side, and the next layer chooses.
/// </summary>
public static class InceptionLayers
{
    /// <summary>
    /// The naive module (figure 2a): [N, C, H, W] → [N, conv1x1 + conv3x3 + conv5x5 + C, H, W]. Convolutions of 1x1, 3x3 and 5x5, each with
    /// a rectifier, and a 3x3 max pooling, all with stride 1. As the pooling passes on all C channels, each module has more than the last.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="conv1x1">Kernels of 1x1.</param>
    /// <param name="conv3x3">Kernels of 3x3.</param>
    /// <param name="conv5x5">Kernels of 5x5.</param>
    /// <param name="normalize">What follows each convolution, such as batch normalization; its biases go then. Nothing by default.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The block's name; <c>inception1</c>… by default.</param>
    public static Value InceptionNaive(
        this Value input,
        int conv1x1,
        int conv3x3,
        int conv5x5,
        Func<Value, Value>? normalize = null,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var unit = new RectifiedConvolution(normalize, weightInitializer, biasInitializer);
        using (Label.For("inception", name).Enter())
        {
            return unit.Of(input, conv1x1, 1, "1x1").Concat(
                [unit.Of(input, conv3x3, 3, "3x3"), unit.Of(input, conv5x5, 5, "5x5"), input.MaxPool2d(3, stride: 1, padding: 1, name: "pool")],
                name: "output");
        }
    }

    /// <summary>
    /// The module with reduced dimensions (figure 2b): [N, C, H, W] → [N, conv1x1 + conv3x3 + conv5x5 + poolProjection, H, W]. 1x1
    /// convolutions narrow what the larger kernels see and what the pooling gives; a rectifier follows each convolution. The numbers stand
    /// in the order of the paper's table 1.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="conv1x1">Kernels of 1x1.</param>
    /// <param name="reduce3x3">Kernels of 1x1 before those of 3x3.</param>
    /// <param name="conv3x3">Kernels of 3x3.</param>
    /// <param name="reduce5x5">Kernels of 1x1 before those of 5x5.</param>
    /// <param name="conv5x5">Kernels of 5x5.</param>
    /// <param name="poolProjection">Kernels of 1x1 behind the pooling.</param>
    /// <param name="largeKernel">The side of the "5x5" kernels, an odd number; torchvision's GoogLeNet has 3.</param>
    /// <param name="normalize">What follows each convolution, such as batch normalization; its biases go then. Nothing by default.</param>
    /// <param name="weightInitializer">How the kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="biasInitializer">How the biases start; zero by default.</param>
    /// <param name="name">The block's name; <c>inception1</c>… by default.</param>
    public static Value Inception(
        this Value input,
        int conv1x1,
        int reduce3x3,
        int conv3x3,
        int reduce5x5,
        int conv5x5,
        int poolProjection,
        int largeKernel = 5,
        Func<Value, Value>? normalize = null,
        Initializer? weightInitializer = null,
        Initializer? biasInitializer = null,
        string? name = null)
    {
        var unit = new RectifiedConvolution(normalize, weightInitializer, biasInitializer);
        using (Label.For("inception", name).Enter())
        {
            Value medium = unit.Of(unit.Of(input, reduce3x3, 1, "3x3_reduce"), conv3x3, 3, "3x3");
            Value large = unit.Of(unit.Of(input, reduce5x5, 1, "5x5_reduce"), conv5x5, largeKernel, "5x5");
            Value pooled = unit.Of(input.MaxPool2d(3, stride: 1, padding: 1, name: "pool"), poolProjection, 1, "pool_proj");
            return unit.Of(input, conv1x1, 1, "1x1").Concat([medium, large, pooled], name: "output");
        }
    }
}

/// <summary>A convolution, what normalizes it if anything does, and a rectifier.</summary>
/// <param name="Normalize">What follows the convolution, named below it; instead of biases.</param>
/// <param name="Weight">How the kernels start.</param>
/// <param name="Bias">How the biases start.</param>
internal sealed record RectifiedConvolution(Func<Value, Value>? Normalize, Initializer? Weight = null, Initializer? Bias = null)
{
    /// <summary>
    /// The layers <c>name</c>, what normalizes it in a block of that name, and <c>relu_name</c>; the size stays unless they stride.
    /// </summary>
    public Value Of(Value x, int channels, Size2 kernel, string name, int stride = 1, Padding? padding = null)
    {
        Value y = x.Conv2d(
            channels, kernel, stride, padding ?? Padding.Same, bias: Normalize is null, weightInitializer: Weight, biasInitializer: Bias, name: name);
        return (Normalize is null ? y : y.Block(name, Normalize)).Relu(name: $"relu_{name}");
    }
}
