using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>
/// Cross-correlation of a picture [N, C, H, W] with kernels [O, C/groups, kh, kw], plus an optional bias [O] (ONNX Conv); likewise of
/// signals and volumes.
/// </summary>
/// <param name="Window">How the kernel slides.</param>
/// <param name="Groups">Into how many independent parts the channels are split.</param>
public sealed record Conv(Window Window, int Groups) : Operator
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => new("Conv", [.. Window.Attributes(), new OnnxAttribute("group", (long)Groups)]);

    internal override IEnumerable<string> CheckSettings() =>
        Groups < 1 ? Window.Check().Append($"`groups` (={Groups}) must be at least 1.") : Window.Check();

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape x = context.Shape(0), w = context.Shape(1);
        if (x.Rank != Window.Rank + 2)
        {
            return context.Fault($"a convolution takes {Window.Axes}, but the input is {x}. Reshape it first.");
        }

        if (!x[1].IsKnown)
        {
            return context.Fault($"the number of channels must be known, but the input is {x}.");
        }

        if (x[1].Size % Groups != 0 || w[0].Size % Groups != 0)
        {
            return context.Fault($"the input's channels (={x[1]}) and `channels` (={w[0]}) must both be divisible by `groups` (={Groups}).");
        }

        if (x[1].Size != w[1].Size * Groups)
        {
            return context.Fault($"the input {x} has {x[1]} channels, but the kernels {w} expect {w[1].Size * Groups}.");
        }

        return Bias.Check(context, w[0]) ?? Window.Slide(context, w[0]);
    }
}

/// <summary>Biases of convolutions.</summary>
internal static class Bias
{
    /// <summary>A fault where the third input is not one number for each output channel, else null.</summary>
    public static IReadOnlyList<TensorType>? Check(Inference context, Dimension channels) =>
        context.Inputs.Count == 2 || context.Shape(2).Equals(new Shape(channels))
            ? null
            : context.Fault($"the biases {context.Shape(2)} do not fit the {channels} output channels.");
}
