using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>
/// The adjoint of a convolution: pictures [N, C, H, W] and kernels [C, O/groups, kh, kw] give [N, O, H', W'], plus an optional bias [O]
/// (ONNX ConvTranspose); likewise of signals and volumes. The kernels are those of the convolution that leads back, from O to C channels.
/// </summary>
/// <param name="Window">The window of the convolution that leads back.</param>
/// <param name="Groups">Into how many independent parts the channels are split.</param>
/// <param name="OutputPadding">Rows and columns at the end that no window reaches, because the stride skips them.</param>
public sealed record ConvTranspose(Window Window, int Groups, int[] OutputPadding) : Operator
{
    /// <summary>The adjoint of a convolution over pictures of a known size.</summary>
    internal static ConvTranspose Adjoint(Window window, int groups, Shape input) => new(
        window,
        groups,
        [.. Enumerable.Range(0, window.Rank).Select(i =>
            (int)((input[i + 2].Size + window.PadBegin[i] + window.PadEnd[i] - window.Extent(i)) % window.Stride[i]))]);

    /// <summary>
    /// Null for signals: DirectML cannot load a ConvTranspose along one axis (ONNX Runtime 1.29), so that they are lowered to pictures.
    /// </summary>
    /// <param name="opset">The version of the ai.onnx operator set to write for.</param>
    public override OnnxForm? Onnx(int opset) => Window.Rank == 1 ? null : new(
        "ConvTranspose",
        [.. Window.Attributes(), new OnnxAttribute("group", (long)Groups), OnnxAttribute.Ints("output_padding", OutputPadding)]);

    internal override IEnumerable<string> CheckSettings()
    {
        List<string> faults = [.. Window.Check()];
        if (Groups < 1)
        {
            faults.Add($"`groups` (={Groups}) must be at least 1.");
        }

        if (faults.Count == 0 && OutputPadding.Where((p, i) => p < 0 || p >= Window.Stride[i]).Any())
        {
            faults.Add(
                $"`outputPadding` (={string.Join("x", OutputPadding)}) must be at least 0 and smaller than the stride " +
                $"(={string.Join("x", Window.Stride)}): only so many rows are skipped.");
        }

        return faults;
    }

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape x = context.Shape(0), w = context.Shape(1);
        if (x.Rank != Window.Rank + 2 || x.Skip(1).Any(d => !d.IsKnown))
        {
            return context.Fault($"a transposed convolution takes {Window.Axes} of a known size, but the input is {x}.");
        }

        if (x[1] != w[0] || x[1].Size % Groups != 0)
        {
            return context.Fault(x[1] != w[0]
                ? $"the input {x} has {x[1]} channels, but the kernels {w} expect {w[0]}."
                : $"the input's channels (={x[1]}) and `channels` (={w[1].Size * Groups}) must both be divisible by `groups` (={Groups}).");
        }

        if (Bias.Check(context, w[1].Size * Groups) is { } fault)
        {
            return fault;
        }

        var dims = new Dimension[Window.Rank + 2];
        (dims[0], dims[1]) = (x[0], w[1].Size * Groups);
        for (int i = 0; i < Window.Rank; i++)
        {
            long reached = (Window.Stride[i] * (x[i + 2].Size - 1)) + Window.Extent(i);
            dims[i + 2] = reached - Window.PadBegin[i] - Window.PadEnd[i] + OutputPadding[i];
        }

        var shape = new Shape(dims);
        return dims.Skip(2).All(d => d.Size > 0)
            ? [new TensorType(context.Inputs[0].Element, shape)]
            : context.Fault(
                $"nothing is left of {x}: the output would be {shape}. Use less `padding`, which a transposed convolution takes away.");
    }
}
