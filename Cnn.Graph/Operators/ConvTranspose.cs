using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>The adjoint of a convolution: pictures [N, O, H', W'] and kernels [O, C/groups, kh, kw] give [N, C, H, W] (ONNX ConvTranspose).</summary>
/// <param name="Window">The convolution's window.</param>
/// <param name="Groups">The convolution's groups.</param>
/// <param name="OutputPadding">Rows and columns at the end that no window reached.</param>
internal sealed record ConvTranspose(Window Window, int Groups, int[] OutputPadding) : Operator
{
    /// <summary>The adjoint of a convolution over pictures of a known size.</summary>
    public static ConvTranspose Adjoint(Window window, int groups, Shape input) => new(
        window,
        groups,
        [.. Enumerable.Range(0, window.Rank).Select(i =>
            (int)((input[i + 2].Size + window.PadBegin[i] + window.PadEnd[i] - window.Extent(i)) % window.Stride[i]))]);

    public override OnnxForm Onnx(int opset) => new(
        "ConvTranspose",
        [.. Window.Attributes(), new OnnxAttribute("group", (long)Groups), OnnxAttribute.Ints("output_padding", OutputPadding)]);

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape y = context.Shape(0), w = context.Shape(1);
        var dims = new Dimension[Window.Rank + 2];
        (dims[0], dims[1]) = (y[0], w[1].Size * Groups);
        for (int i = 0; i < Window.Rank; i++)
        {
            dims[i + 2] = (Window.Stride[i] * (y[i + 2].Size - 1)) + OutputPadding[i] + Window.Extent(i) - Window.PadBegin[i] - Window.PadEnd[i];
        }

        return [new TensorType(context.Inputs[0].Element, new Shape(dims))];
    }
}
