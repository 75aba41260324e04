using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>What pooling operators share: a window over each channel on its own.</summary>
/// <param name="Window">How the window slides.</param>
public abstract record Pool(Window Window) : Operator
{
    internal override IEnumerable<string> CheckSettings()
    {
        List<string> faults = [.. Window.Check()];
        // The limit is ONNX Runtime's, which does not count the holes of a dilated window.
        int[] axes = [.. Enumerable.Range(0, Window.Rank).Where(i => Math.Max(Window.PadBegin[i], Window.PadEnd[i]) >= Window.Kernel[i])];
        if (faults.Count == 0 && axes.Length > 0)
        {
            (int padding, int kernel) = (Math.Max(Window.PadBegin[axes[0]], Window.PadEnd[axes[0]]), Window.Kernel[axes[0]]);
            faults.Add($"`padding` (={padding}) must be smaller than the kernel (={kernel}), or a window could see no pixel at all.");
        }

        return faults;
    }

    internal override IReadOnlyList<TensorType> Infer(Inference context)
    {
        Shape x = context.Shape(0);
        if (x.Rank != Window.Rank + 2)
        {
            return context.Fault($"pooling takes {Window.Axes}, but the input is {x}.");
        }

        IReadOnlyList<TensorType> slid = Window.Slide(context, x[1]);
        // A window without holes sees a pixel, because the padding is less than the kernel.
        return slid[0].IsUnknown || !Window.IsPadded || Window.Dilation.All(d => d == 1) || Window.CountPixels(x).All(count => count > 0)
            ? slid
            : context.Fault(
                $"with `dilation` (={string.Join("x", Window.Dilation)}) and that much padding a window sees no pixel of the input {x}. " +
                "Use less padding.");
    }
}

/// <summary>The largest element under the window (ONNX MaxPool). Padding never wins.</summary>
/// <param name="Window">How the window slides.</param>
public sealed record MaxPool(Window Window) : Pool(Window)
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => new("MaxPool", Window.Attributes());
}

/// <summary>The mean of the elements under the window (ONNX AveragePool).</summary>
/// <param name="Window">How the window slides.</param>
/// <param name="CountPadding">Whether added zeros count as elements.</param>
public sealed record AveragePool(Window Window, bool CountPadding) : Pool(Window)
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) =>
        new("AveragePool", [new OnnxAttribute("count_include_pad", CountPadding ? 1L : 0L), .. Window.Attributes()]);

    internal override IEnumerable<string> CheckSettings() => Window.Dilation.Any(d => d != 1)
        ? base.CheckSettings().Append("average pooling has no dilation in ONNX 17.")
        : base.CheckSettings();
}

/// <summary>What operators share that make one number of each channel, [N, C, …] → [N, C, 1, …].</summary>
public abstract record GlobalPool : Operator
{
    /// <inheritdoc/>
    public override OnnxForm Onnx(int opset) => new(Name);

    internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0) is { Rank: > 2 } x
        ? [new TensorType(context.Inputs[0].Element, new Shape(x.Select((d, i) => i < 2 ? d : 1)))]
        : context.Fault($"global pooling takes [N, channels, height, width], or other spatial axes, but the input is {context.Shape(0)}.");
}

/// <summary>The mean of each channel (ONNX GlobalAveragePool).</summary>
public sealed record GlobalAveragePool : GlobalPool;

/// <summary>The largest element of each channel (ONNX GlobalMaxPool).</summary>
public sealed record GlobalMaxPool : GlobalPool;
