using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>How a shortcut brings its input to the size of the branch that it goes around (He et al., 2015).</summary>
public enum ShortcutKind
{
    /// <summary>Option A: without parameters. Pixels are left out to match the stride, and zeros are the new channels.</summary>
    A,

    /// <summary>Option B: a 1x1 convolution where channels or stride change, nothing elsewhere.</summary>
    B,

    /// <summary>Option C: a 1x1 convolution everywhere.</summary>
    C,
}

/// <summary>The way around a residual branch.</summary>
public static class ShortcutLayers
{
    /// <summary>
    /// The shortcut of a residual block: [N, C, H, W] → [N, channels, ⌈H / stride⌉, ⌈W / stride⌉], to be added to the branch. Where nothing
    /// changes, options A and B give the input itself.
    /// </summary>
    /// <param name="input">What the block takes, [N, C, H, W].</param>
    /// <param name="kind">The option of the paper.</param>
    /// <param name="channels">The branch's output channels; at least C for option A.</param>
    /// <param name="stride">The branch's stride; 1 by default.</param>
    /// <param name="normalize">What follows a projection, such as batch normalization; nothing by default.</param>
    /// <param name="splitZeros">Option A: whether half of the zero channels come before the others; all behind by default.</param>
    /// <param name="bias">Whether a projection has biases; not by default, as a normalization that follows has its own.</param>
    /// <param name="weightInitializer">How a projection's kernels start; <see cref="Initializer.He"/> by default.</param>
    /// <param name="name">The block's name, in which the layers lie; <c>shortcut1</c>… by default.</param>
    public static Value Shortcut(
        this Value input,
        ShortcutKind kind,
        int channels,
        Size2? stride = null,
        Func<Value, Value>? normalize = null,
        bool splitZeros = false,
        bool bias = false,
        Initializer? weightInitializer = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        Size2 steps = stride ?? 1;
        bool isSame = steps == new Size2(1, 1) && input.Shape.Rank == 4 && input.Shape[1] == channels;
        if (isSame && kind != ShortcutKind.C)
        {
            return input;
        }

        Label label = Label.For("shortcut", name);
        if (kind == ShortcutKind.A)
        {
            return WithZeroChannels(Subsampled(input, steps, label), channels, splitZeros, label);
        }

        using (label.Enter())
        {
            Value projected = input.Conv2d(channels, 1, steps, bias: bias, weightInitializer: weightInitializer, name: "projection");
            return normalize is null ? projected : normalize(projected);
        }
    }

    /// <summary>Every stride-th pixel, the first included.</summary>
    private static Value Subsampled(Value input, Size2 stride, Label label)
    {
        if (stride == new Size2(1, 1))
        {
            return input;
        }

        (long height, long width) = input.IsPicture() ? (input.Shape[2].Size, input.Shape[3].Size) : (1, 1);
        string[] faults =
        [
            .. input.FaultsAsPicture("a shortcut"),
            .. stride.Height < 1 || stride.Width < 1 ? [$"`stride` (={stride}) must be at least 1x1."] : Array.Empty<string>(),
        ];
        // The operator calls its strides steps, so that its own fault would name what nobody gave.
        var op = new Slice([2, 3], [0, 0], [height, width], [Math.Max(stride.Height, 1), Math.Max(stride.Width, 1)]);
        return new Node(op, label.Child("subsample"), [input], faults).Output;
    }

    private static Value WithZeroChannels(Value input, int channels, bool split, Label label)
    {
        long had = input.IsPicture() ? input.Shape[1].Size : channels, more = Math.Max(channels - had, 0), before = split ? more / 2 : 0;
        string[] faults =
        [
            .. input.FaultsAsPicture("a shortcut"),
            .. channels < had
                ? [$"`channels` (={channels}) must be at least the input's (={had}): option A only adds. Use option B."]
                : Array.Empty<string>(),
        ];
        var op = new Pad([0, before, 0, 0, 0, more - before, 0, 0]);
        return more == 0 && faults.Length == 0 ? input : new Node(op, label.Child("zero_channels"), [input], faults).Output;
    }
}
