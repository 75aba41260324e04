using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>
/// Writes the optimizer model of ONNX Runtime Training: one operator that moves all parameters and what is kept beside them in place. They
/// come as sequences of tensors, which graphs here do not have, and by names that the runtime looks for.
/// </summary>
internal static class OptimizerEncoder
{
    private const string Rate = "learning_rate", Step = "step", Parameters = "params", Gradients = "gradients";
    private static readonly string[] Moments = ["first_order_moments", "second_order_moments"];

    /// <param name="name">The model's name.</param>
    /// <param name="form">The optimizer's operator.</param>
    /// <param name="moments">How many tensors are kept beside a parameter, 1 or 2.</param>
    /// <param name="rateFactor">The factor of the learning rate.</param>
    /// <param name="isRateInGradients">Whether the rate multiplies the gradients and not the update.</param>
    /// <param name="fixedRate">The learning rate, or null where that of the runtime counts.</param>
    /// <param name="opset">The ai.onnx operator set.</param>
    public static OnnxModel Encode(
        string name, OnnxForm form, int moments, double rateFactor, bool isRateInGradients, double? fixedRate, int opset)
    {
        var graph = new GraphProto { Name = name };
        graph.Input.Add(GraphEncoder.Describe(Rate, TensorType.Float(1)));
        graph.Input.Add(GraphEncoder.Describe(Step, new TensorType(ElementType.Int64, new Shape(1))));
        graph.Input.Add(Moments[..moments].Prepend(Gradients).Prepend(Parameters).Select(Sequence));

        string rate = Rate, gradients = Gradients;
        if (fixedRate is { } number)
        {
            rate = Constant("rate", TensorData.Vector((float)(number * rateFactor)));
        }
        else if (rateFactor != 1)
        {
            rate = Add("Mul", "scaled_rate", rate, Constant("rate_factor", TensorData.Vector((float)rateFactor)));
        }

        if (isRateInGradients)
        {
            gradients = Scale(graph, rate);
            rate = Constant("one", TensorData.Vector(1f));
        }

        bool isSgd = moments == 1;
        if (isSgd)
        {
            // This operator's answer has the shape of its rate's, and the runtime takes a scalar only.
            rate = Add("Reshape", "scalar_rate", rate, Constant("no_dimensions", TensorData.Of<long>([], 0)));
        }

        string[] inputs = isSgd ? [rate, Parameters, gradients] : [rate, Step, Parameters, gradients, .. Moments];
        graph.Node.Add(GraphEncoder.Call(form, "update", inputs, ["updated"]));
        graph.Output.Add(GraphEncoder.Describe("updated", new TensorType(ElementType.Bool, isSgd ? Shape.Scalar : new Shape(1))));
        return GraphEncoder.Wrap(graph, opset, [form.Domain], new Dictionary<string, string>());

        string Constant(string constant, TensorData data)
        {
            graph.Initializer.Add(TensorCodec.Encode(constant, data));
            return constant;
        }

        string Add(string opType, string output, params string[] from)
        {
            graph.Node.Add(GraphEncoder.Call(new OnnxForm(opType), output, from, [output]));
            return output;
        }
    }

    /// <summary>Every gradient times the rate, one after the other.</summary>
    private static string Scale(GraphProto graph, string rate)
    {
        var body = new GraphProto { Name = "scale" };
        var index = new TensorType(ElementType.Int64, Shape.Scalar);
        var condition = new TensorType(ElementType.Bool, Shape.Scalar);
        body.Input.Add([GraphEncoder.Describe("index", index), GraphEncoder.Describe("go_on", condition), Sequence("scaled_so_far")]);
        body.Node.Add(
        [
            GraphEncoder.Call(new OnnxForm("SequenceAt"), "gradient", [Gradients, "index"], ["gradient"]),
            GraphEncoder.Call(new OnnxForm("Mul"), "scaled_gradient", ["gradient", rate], ["scaled_gradient"]),
            GraphEncoder.Call(new OnnxForm("SequenceInsert"), "scaled", ["scaled_so_far", "scaled_gradient"], ["scaled"]),
            GraphEncoder.Call(new OnnxForm("Identity"), "still", ["go_on"], ["still"]),
        ]);
        body.Output.Add([GraphEncoder.Describe("still", condition), Sequence("scaled")]);
        var empty = new OnnxForm("SequenceEmpty", new OnnxAttribute("dtype", (long)ElementType.Float));
        graph.Node.Add(GraphEncoder.Call(new OnnxForm("SequenceLength"), "count", [Gradients], ["count"]));
        graph.Node.Add(GraphEncoder.Call(empty, "none", [], ["none"]));
        NodeProto loop = GraphEncoder.Call(new OnnxForm("Loop"), "scaled_gradients", ["count", string.Empty, "none"], ["scaled_gradients"]);
        loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        graph.Node.Add(loop);
        return "scaled_gradients";
    }

    private static ValueInfoProto Sequence(string name) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            SequenceType = new TypeProto.Types.Sequence
            {
                ElemType = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float } },
            },
        },
    };
}
