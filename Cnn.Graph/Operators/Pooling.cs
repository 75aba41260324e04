using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
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
                int axis = axes[0];
                faults.Add(
                    $"`padding` (={Math.Max(Window.PadBegin[axis], Window.PadEnd[axis])}) must be smaller than the kernel (={Window.Kernel[axis]}), " +
                    "or a window could see no pixel at all.");
            }

            return faults;
        }

        internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Shape(0) is { } x && x.Rank == Window.Rank + 2
            ? Window.Slide(context, x[1])
            : context.Fault($"pooling takes {Window.Axes}, but the input is {context.Shape(0)}.");
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
}

namespace Cnn.Graph
{
    /// <summary>Pooling layers.</summary>
    public static class PoolingLayers
    {
        /// <summary>
        /// Max pooling: [N, C, H, W] → [N, C, H', W'] with H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. The gradient of
        /// a window goes to its first maximum in row-major order.
        /// </summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="kernel">The window's height and width in pixels.</param>
        /// <param name="stride">Pixels from one window to the next; the kernel by default, so that windows tile the picture.</param>
        /// <param name="padding">Pixels around the picture that never win; none by default.</param>
        /// <param name="dilation">Pixels between neighbouring taps of the window; 1 by default.</param>
        /// <param name="name">The layer's name; <c>max_pool1</c>… by default.</param>
        public static Value MaxPool2d(
            this Value input, Size2 kernel, Size2? stride = null, Padding padding = default, Size2? dilation = null, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            return input.Apply(new MaxPool(Window.For(input, kernel.ToArray(), (stride ?? kernel).ToArray(), (dilation ?? 1).ToArray(), padding)), Label.For("max_pool", name));
        }

        /// <summary>Average pooling: [N, C, H, W] → [N, C, H', W'] with H' = ⌊(H + padding − kernel) / stride⌋ + 1.</summary>
        /// <param name="input">Pictures [N, C, H, W].</param>
        /// <param name="kernel">The window's height and width in pixels.</param>
        /// <param name="stride">Pixels from one window to the next; the kernel by default, so that windows tile the picture.</param>
        /// <param name="padding">Zeros around the picture; none by default.</param>
        /// <param name="countPadding">Whether those zeros count as elements of the mean (PyTorch's default) or not (TensorFlow's, and here).</param>
        /// <param name="name">The layer's name; <c>average_pool1</c>… by default.</param>
        public static Value AveragePool2d(
            this Value input, Size2 kernel, Size2? stride = null, Padding padding = default, bool countPadding = false, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            var window = Window.For(input, kernel.ToArray(), (stride ?? kernel).ToArray(), [1, 1], padding);
            return input.Apply(new AveragePool(window, countPadding), Label.For("average_pool", name));
        }
    }
}
