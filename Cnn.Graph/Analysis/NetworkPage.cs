using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Cnn.Graph.Analysis.Drawing;
using Cnn.Graph.Files;

namespace Cnn.Graph.Analysis;

/// <summary>
/// A network as one HTML page that needs nothing else: its figures, its layers drawn as a graph with frames around blocks, and all of them
/// in a table. It opens in any browser, with light or dark colours as the reader likes, and runs no script.
/// </summary>
public static class NetworkPage
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";

    /// <summary>Writes the page of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; one that is there is replaced in one step.</param>
    /// <param name="training">
    /// What training it takes, to be told with the rest: what <c>TrainingMemory.Of</c> of <c>Cnn.Graph.Training</c> gives.
    /// </param>
    /// <exception cref="CnnGraphException">The file cannot be written.</exception>
    public static void Save(Network network, string path, TrainingMemory? training = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Of(network, training));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The page of a network, which is XML too.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">
    /// What training it takes, to be told with the rest: what <c>TrainingMemory.Of</c> of <c>Cnn.Graph.Training</c> gives.
    /// </param>
    public static string Of(Network network, TrainingMemory? training = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var summary = NetworkSummary.Of(network);
        string title = OperatorText.Printable(network.Name);
        var page = new XElement(
            Html + "html",
            new XAttribute("lang", "en"),
            Element(
                "head",
                Element("meta", new XAttribute("charset", "utf-8")),
                Element("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                Element("title", title),
                Element("style", PageStyle.Css)),
            Element(
                "body",
                Element("header", Element("h1", title), Class("p", "inputs", OperatorText.Printable(Inputs(network)))),
                Class("dl", "figures", Figures(summary, training)),
                Element("h2", "Graph"),
                Class("p", "legend", Legend(network)),
                Class("div", "graph", NetworkDrawing.Of(summary)),
                Element("h2", "Layers"),
                Class("div", "table", Table(summary)),
                Element(
                    "footer",
                    "Receptive fields and their centers are in input pixels: 0.5 is the middle of the first. Connections are counted as " +
                    "by LeCun et al., 1998. All counts and bytes are for one sample.")));
        var text = new StringBuilder("<!DOCTYPE html>\n");
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = "", NewLineChars = "\n" };
        using (var writer = XmlWriter.Create(text, settings))
        {
            page.Save(writer);
        }

        return text.Append('\n').ToString();
    }

    private static string Inputs(Network network) =>
        string.Join(", ", network.Inputs.Select(i => $"{i.Name} {OperatorText.Sizes(i.Shape.Skip(1).Select(d => d.Size))}")) +
        $" → {string.Join(", ", network.Outputs.Select(o => $"{o.Name} {OperatorText.Sizes(o.Shape.Skip(1).Select(d => d.Size))}"))}";

    private static IEnumerable<XElement> Figures(NetworkSummary summary, TrainingMemory? training)
    {
        yield return Figure("Layers", OperatorText.Count(summary.Layers.Count), $"{summary.WeightLayers} with weights on the longest path");
        yield return Figure("Parameters", OperatorText.Count(summary.Parameters), Shares(s => s.ParameterShare));
        yield return Figure("Multiply-accumulates", OperatorText.Count(summary.Macs), Shares(s => s.MacShare));
        yield return Figure("Connections", OperatorText.Count(summary.Connections), "with pools and biases");
        yield return Figure("Activations in use", Bytes(summary.ForwardBytes), $"at once; {Bytes(summary.ActivationBytes)} in all layers");
        if (training is not null)
        {
            yield return Figure("Activations in training", Bytes(training.SampleBytes), "kept for the backward pass, a sample");
            yield return Figure(
                "Training beside them",
                Bytes(training.Bytes(0)),
                $"{Bytes(training.ParameterBytes)} variables, {Bytes(training.GradientBytes)} gradients, " +
                $"{Bytes(training.StateBytes)} optimizer");
        }

        string Shares(Func<LayerShare, double> share) => string.Create(
            CultureInfo.InvariantCulture, $"{share(summary.Convolutions):P1} in convolutions, {share(summary.Dense):P1} in dense layers");
    }

    private static XElement Figure(string name, string value, string note) =>
        Element("div", Element("dt", name), Element("dd", value), Class("dd", "note", note));

    private static IEnumerable<XElement> Legend(Network network) =>
        network.Nodes.Select(n => NetworkDrawing.KindOf(n.Op)).Distinct().Order(StringComparer.Ordinal)
            .Select(kind => Class("span", $"kind {kind}", kind));

    private static XElement Table(NetworkSummary summary)
    {
        string[] heads =
        [
            "Layer", "Operator", "Output", "Parameters", "MACs", "Connections", "Activation bytes", "Receptive field", "Center", "Jump",
        ];
        return Element(
            "table",
            Element("thead", Element("tr", heads.Select((head, i) => Cell("th", head, i)))),
            Element("tbody", summary.Network.Nodes.Zip(summary.Layers, (node, layer) => Class("tr", NetworkDrawing.KindOf(node.Op), new[]
            {
                layer.Name, OperatorText.Of(node), OperatorText.Sizes(layer.Output), OperatorText.Count(layer.Parameters),
                OperatorText.Count(layer.Macs), OperatorText.Count(layer.Connections), OperatorText.Count(layer.ActivationBytes),
                OperatorText.Sides(layer.ReceptiveField, "×"), OperatorText.Sides(layer.Center), OperatorText.Sides(layer.Jump),
            }.Select((text, i) => Cell("td", text, i))))),
            Element("tfoot", Element("tr", new[]
            {
                "Total", "", "", OperatorText.Count(summary.Parameters), OperatorText.Count(summary.Macs),
                OperatorText.Count(summary.Connections), OperatorText.Count(summary.ActivationBytes), "", "", "",
            }.Select((text, i) => Cell("td", text, i)))));
    }

    private static string Bytes(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        int unit = bytes < 10_000 ? 0 : Math.Min((int)Math.Log(bytes, 1000), units.Length - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(1000, unit):#,0.##} {units[unit]}");
    }

    private static XElement Cell(string element, string text, int column) =>
        Class(element, column < 3 ? "text" : "number", OperatorText.Printable(text));

    private static XElement Element(string name, params object[] content) => new(Html + name, content);

    private static XElement Class(string name, string value, object content) => new(Html + name, new XAttribute("class", value), content);
}
