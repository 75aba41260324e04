using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>
/// What there is to say about a model file: its interface, its size, and what a structural check of it finds. Nothing is executed.
/// </summary>
public sealed class OnnxInspection
{
    /// <summary>Inspects a model.</summary>
    /// <param name="model">Any model, of whatever origin.</param>
    /// <exception cref="OnnxFormatException">External data cannot be read.</exception>
    public OnnxInspection(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        OperatorCounts = new SortedDictionary<string, int>(
            model.Nodes
                .CountBy(node => node.Domain == OnnxTypes.DefaultDomain ? node.OpType : $"{node.Domain}.{node.OpType}")
                .ToDictionary(),
            StringComparer.Ordinal);
        Parameters = model.Initializers
            .Where(initializer => initializer.Type.IsFloatingPoint() || initializer.TypeName == "bfloat16")
            .Sum(initializer => TensorData.CountOf(initializer.Dims));
        var findings = new List<OnnxFinding>();
        ModelChecker.Check(model.Proto, findings);
        CheckNumbers(model, findings);
        Findings = [.. findings.OrderByDescending(finding => finding.Severity)];
    }

    /// <summary>The model.</summary>
    public OnnxModel Model { get; }

    /// <summary>The number of operator calls in the graph, without those inside control flow.</summary>
    public int NodeCount => Model.Nodes.Count;

    /// <summary>
    /// How often the graph calls each operator, by name; operators of other domains than ONNX's own carry theirs in front.
    /// </summary>
    public IReadOnlyDictionary<string, int> OperatorCounts { get; }

    /// <summary>The number of elements in floating-point initializers: weights, biases and running statistics.</summary>
    public long Parameters { get; }

    /// <summary>What the checker noticed, the gravest first.</summary>
    public IReadOnlyList<OnnxFinding> Findings { get; }

    private static void CheckNumbers(OnnxModel model, List<OnnxFinding> findings)
    {
        foreach (TensorProto tensor in model.Proto.Graph.Initializer)
        {
            if (tensor.Name.Length > 0 && OnnxTypes.ElementTypeOf(tensor.DataType).IsFloatingPoint()
                && CountNaN(model.GetInitializer(tensor.Name)) is > 0 and var count)
            {
                findings.Add(new(OnnxSeverity.Warning, $"initializer '{tensor.Name}' holds {count} NaN"));
            }
        }
    }

    private static int CountNaN(TensorData data)
    {
        int count = 0;
        switch (data.Type)
        {
            case ElementType.Float:
                foreach (float value in data.Span<float>())
                {
                    count += float.IsNaN(value) ? 1 : 0;
                }

                break;
            case ElementType.Double:
                foreach (double value in data.Span<double>())
                {
                    count += double.IsNaN(value) ? 1 : 0;
                }

                break;
            case ElementType.Float16:
                foreach (Half value in data.Span<Half>())
                {
                    count += Half.IsNaN(value) ? 1 : 0;
                }

                break;
        }

        return count;
    }
}
