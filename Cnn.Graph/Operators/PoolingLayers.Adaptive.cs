using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <content>Pooling to a size that is given, whatever the size of the picture.</content>
public static partial class PoolingLayers
{
    /// <summary>
    /// Means over a grid of as many windows as pixels are to come out: [N, C, H, W] → [N, C, size] (PyTorch's AdaptiveAvgPool2d). Window i
    /// of n goes from ⌊i·H/n⌋ to ⌈(i + 1)·H/n⌉, so that windows overlap where n does not divide H, and repeat pixels where it exceeds H.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W] of a known size.</param>
    /// <param name="size">The height and width that come out; at least 1.</param>
    /// <param name="name">The layer's name; <c>adaptive_average_pool1</c>… by default.</param>
    public static Value AdaptiveAveragePool2d(this Value input, Size2 size, string? name = null)
    {
        Label label = Label.For("adaptive_average_pool", name);
        string[] faults =
        [
            .. input.FaultsAsPicture("adaptive pooling"),
            .. size.Height < 1 || size.Width < 1 ? [$"`size` (={size}) must be at least 1x1."] : Array.Empty<string>(),
        ];
        if (faults.Length > 0 || !input.IsPicture())
        {
            return new Node(new AveragePool(Square(input, 1, null), CountPadding: false), label, [input], faults).Output;
        }

        (int height, int width) = ((int)input.Shape[2].Size, (int)input.Shape[3].Size);
        if (height % size.Height == 0 && width % size.Width == 0)
        {
            return input.Apply(new AveragePool(Square(input, (height / size.Height, width / size.Width), null), CountPadding: false), label);
        }

        using (label.Enter())
        {
            Value[] rows = [.. Parts(height, size.Height).Select(p => input.Slice(2, p.Start, p.End).AveragePool2d((p.End - p.Start, 1)))];
            Value tall = rows[0].Concat(rows[1..], axis: 2);
            Value[] columns = [.. Parts(width, size.Width).Select(p => tall.Slice(3, p.Start, p.End).AveragePool2d((1, p.End - p.Start)))];
            return new Node(new Concat(3), label, columns).Output;
        }
    }

    private static IEnumerable<(int Start, int End)> Parts(int size, int count) =>
        Enumerable.Range(0, count).Select(i => (i * size / count, (((i + 1) * size) + count - 1) / count));
}
