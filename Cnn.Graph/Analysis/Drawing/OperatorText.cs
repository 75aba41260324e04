using System.Globalization;
using System.Text;
using System.Xml;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis.Drawing;

/// <summary>Layers in the short notation of the literature: <c>Conv 7×7 / 2, pad 3</c> is a kernel of 7x7 with a stride of 2.</summary>
internal static class OperatorText
{
    /// <summary>The operator with its settings.</summary>
    public static string Of(Node node) => $"{node.Op.Name}{Settings(node)}";

    /// <summary>Sizes as in <c>64×28×28</c>.</summary>
    public static string Sizes(IEnumerable<long> sizes) => string.Join('×', sizes);

    /// <summary>A number as in <c>61,706</c>.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A text that can stand in a document: what XML has no way to write is replaced.</summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(
        rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune));

    /// <summary>A number for each axis.</summary>
    public static string Sides<T>(IReadOnlyList<T> sides, string separator = ", ")
        where T : IFormattable => string.Join(separator, sides.Select(s => s.ToString("0.###", CultureInfo.InvariantCulture)));

    private static string Settings(Node node) => node.Op switch
    {
        Conv op => Sliding(op.Window, op.Groups),
        ConvTranspose op => Sliding(op.Window, op.Groups),
        LocallyConnected op => Sliding(op.Window),
        Pool op => Sliding(op.Window),
        Unfold op => Sliding(op.Window),
        Fold op => Sliding(op.Window),
        Gemm => $" {node.Inputs[0].Shape[^1]} → {node.Output.Shape[^1]}",
        Dropout op => string.Create(CultureInfo.InvariantCulture, $" {op.Rate:P0}"),
        LeakyRelu op => string.Create(CultureInfo.InvariantCulture, $" {op.Alpha:G4}"),
        GroupNorm op => $" {op.Groups} groups",
        Slice op => $" {string.Join(", ", op.SlicedAxes.Select((axis, i) => $"{axis}: {op.Starts[i]}–{op.Ends[i] - 1}{By(op.Steps[i])}"))}",
        Resize op => $" {(op.Mode == ResizeMode.Nearest ? "nearest" : "bilinear")}",
        _ => "",
    };

    private static string Sliding(Window window, int groups = 1) => string.Concat(
        " ",
        Square(window.Kernel),
        window.Stride.All(s => s == 1) ? "" : $" / {Square(window.Stride, isShort: true)}",
        window.IsPadded ? $", pad {Padding(window)}" : "",
        window.Dilation.All(d => d == 1) ? "" : $", dilation {Square(window.Dilation, isShort: true)}",
        groups == 1 ? "" : $", groups {groups}");

    private static string Square(int[] sizes, bool isShort = false) =>
        isShort && sizes.Distinct().Count() == 1 ? $"{sizes[0]}" : string.Join('×', sizes);

    private static string Padding(Window window) => window.PadBegin.SequenceEqual(window.PadEnd)
        ? Square(window.PadBegin, isShort: true)
        : $"{Square(window.PadBegin, isShort: true)}–{Square(window.PadEnd, isShort: true)}";

    private static string By(long step) => step == 1 ? "" : $" by {step}";
}
