using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering;

/// <summary>
/// The columns of a picture ("im2col"): for each channel and tap of a window, the picture as that tap sees it. As a depthwise convolution
/// with one-hot kernels this is one parallel operator that every provider has, whatever the stride, padding and dilation.
/// </summary>
internal static class Columns
{
    /// <summary>[N, C, H, W] → [N, C·taps, H', W']; channel-major, taps in row-major order within.</summary>
    public static Value Of(Value x, Window window)
    {
        int channels = (int)x.Shape[1].Size;
        return Node.Derive(new Conv(window, channels), "columns", [x, OneHot(window, channels, x.Type.Element)]);
    }

    /// <summary>The adjoint: columns [N, C·taps, H', W'] added up where their taps stood, [N, C, H, W].</summary>
    public static Value Fold(Value columns, Window window, Shape picture)
    {
        int channels = (int)picture[1].Size;
        var op = ConvTranspose.Adjoint(window, channels, picture);
        return ConvolutionForms.Transposed(op, "fold", columns, OneHot(window, channels, columns.Type.Element));
    }

    /// <summary>Columns whose positions are one axis, [N, C·taps, H'·W'].</summary>
    public static Value Fold(Fold op, Value columns, Shape picture)
    {
        IEnumerable<Dimension> positions = op.Window.OutputSizes(picture).Select(d => (Dimension)d);
        return Fold(columns.ReshapeTo([columns.Shape[0], columns.Shape[1], .. positions]), op.Window, picture);
    }

    private static Constant OneHot(Window window, int channels, ElementType type)
    {
        int taps = window.Taps;
        var kernels = new float[channels * taps * taps];
        for (int i = 0; i < channels * taps; i++)
        {
            kernels[(i * taps) + (i % taps)] = 1;
        }

        return Constants.Floats(kernels, [channels * taps, 1, .. window.Kernel.Select(k => (long)k)], type);
    }
}
