using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.Tests.Oracles;
using Google.Protobuf;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class OnnxInspectionTests
{
    private static readonly TensorProto Weights = TensorCodec.Encode("w", TensorData.Of<float>([1, 2, 3, 4, 5, 6], 2, 3));

    [Test]
    public void A_sound_model_has_no_findings()
    {
        OnnxInspection inspection = Inspect(_ => { });

        Assert.Multiple(() =>
        {
            Assert.That(inspection.Findings, Is.Empty);
            Assert.That((inspection.NodeCount, inspection.Parameters), Is.EqualTo((1, 6L)));
            Assert.That(inspection.OperatorCounts, Is.EqualTo(new Dictionary<string, int> { ["MatMul"] = 1 }));
        });
    }

    [Test]
    public void Parameters_are_the_elements_of_float_initializers()
    {
        OnnxInspection inspection = Inspect(model => model.Graph.Initializer.Add(
        [
            TensorCodec.Encode("shape", TensorData.Vector(1L, 2L)),
            TensorCodec.Encode("half", TensorData.Vector((Half)1, (Half)2)),
        ]));

        Assert.That(inspection.Parameters, Is.EqualTo(8));
    }

    [Test]
    public void Operators_of_other_domains_carry_theirs()
    {
        OnnxInspection inspection = Inspect(model =>
        {
            NodeProto node = ModelSamples.Node("FusedConv", ["x"], ["z"]);
            node.Domain = "com.microsoft";
            model.Graph.Node.Add(node);
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        });

        Assert.That(inspection.OperatorCounts.Keys, Is.EqualTo(new[] { "MatMul", "com.microsoft.FusedConv" }));
        Assert.That(inspection.Findings, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Errors()
    {
        yield return Case(
            "two makers", m => m.Graph.Node.Add(ModelSamples.Node("Relu", ["x"], ["y"])),
            "node 'Relu_y' makes 'y', which is made already");
        yield return Case(
            "shadows an input", m => m.Graph.Node.Add(ModelSamples.Node("Relu", ["w"], ["x"])),
            "makes 'x', which is made already");
        yield return Case(
            "order", m => m.Graph.Node.Insert(0, ModelSamples.Node("Relu", ["y"], ["z"])),
            "node 'Relu_z' uses 'y' before it is made");
        yield return Case(
            "nowhere", m => m.Graph.Node.Add(ModelSamples.Node("Relu", ["q"], ["z"])),
            "node 'Relu_z' uses 'q', which nothing makes");
        yield return Case("output", m => m.Graph.Output[0].Name = "q", "graph output 'q' is not made by any node");
        yield return Case("no outputs", m => m.Graph.Output.Clear(), "the graph has no outputs");
        yield return Case("no operator", m => m.Graph.Node[0].OpType = string.Empty, "names no operator");
        yield return Case("input without a name", m => m.Graph.Input.Add(ModelSamples.Value(string.Empty, "N")), "graph input has no name");
        yield return Case("input without a type", m => m.Graph.Input[0].Type = null, "graph input 'x' has no type");
        yield return Case("graph name", m => m.Graph.Name = string.Empty, "the graph has no name");
        yield return Case(
            "opset", m => m.Graph.Node[0].Domain = "ai.onnx.ml",
            "operator set 'ai.onnx.ml', which the model does not import");
        yield return Case("attribute twice", m => m.Graph.Node[0].Attribute.Add([Int("a"), Int("a")]), "has 2 attributes 'a'");
        yield return Case("attribute name", m => m.Graph.Node[0].Attribute.Add(Int(string.Empty)), "an attribute without a name");
        yield return Case("old initializer", m => m.IrVersion = 3, "initializer 'w' is not a graph input, as IR version 3 demands");

        static AttributeProto Int(string name) => new() { Name = name, I = 1, Type = AttributeProto.Types.AttributeType.Int };

        static TestCaseData Case(string name, Action<ModelProto> change, string words) =>
            new TestCaseData(change, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Errors))]
    public void Errors_are_found(object change, string words)
    {
        OnnxInspection inspection = Inspect((Action<ModelProto>)change);

        Assert.That(inspection.Findings[0].Severity, Is.EqualTo(OnnxSeverity.Error));
        Assert.That(inspection.Findings.Select(finding => finding.Message), Has.Some.Contains(words));
    }

    [TestCaseSource(nameof(Errors))]
    public void Onnx_itself_refuses_the_same(object change, string words)
    {
        using var folder = new TemporaryFolder();
        ModelProto model = ModelSamples.Linear(Weights);
        ((Action<ModelProto>)change)(model);
        string path = folder.Write("m.onnx", model.ToByteArray());
        const string Script = """
            import sys, onnx
            try:
                onnx.checker.check_model(sys.argv[1])
                print('sound')
            except onnx.checker.ValidationError:
                print('refused')
            """;

        // The checker of ONNX does not look where a graph's outputs come from.
        bool isAboutOutputs = words.Contains("is not made by any node", StringComparison.Ordinal)
            || words.Contains("no outputs", StringComparison.Ordinal);
        string expected = isAboutOutputs ? "sound" : "refused";
        Assert.That(Python.Run("onnx", Script, path).Trim(), Is.EqualTo(expected));
    }

    [Test]
    public void Warnings_and_notes_come_after_errors()
    {
        OnnxInspection inspection = Inspect(model =>
        {
            model.IrVersion = 10;
            model.Graph.Name = string.Empty;
            model.Graph.Initializer.Add(TensorCodec.Encode("b", TensorData.Vector(float.NaN, 1f)));
            model.Graph.Input.Add(ModelSamples.Value("w", "N", 3));
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = "my.own", Version = 1 });
        });

        Assert.That(inspection.Findings.Select(finding => finding.ToString()), Is.EqualTo(new[]
        {
            "Error: the graph has no name",
            "Warning: initializer 'b' is not used",
            "Warning: initializer 'b' holds 1 NaN",
            "Note: IR version 10 is newer than 8: what it adds is kept but not checked",
            "Note: operator set 'my.own' is not a well-known one: running the model needs a runtime that has it",
            "Note: initializer 'w' is also a graph input: callers may override it, so runtimes do not fold it",
        }));
    }

    [Test]
    public void Subgraphs_see_the_values_around_them_and_only_those_made_before()
    {
        GraphProto Body(string input) => new()
        {
            Name = "body",
            Node = { ModelSamples.Node("Relu", [input], [$"inner_{input}"]) },
            Output = { ModelSamples.Value($"inner_{input}", "N") },
        };

        OnnxInspection inspection = Inspect(model => model.Graph.Node.Add(
        [
            ModelSamples.Node(
                "If", ["x"], ["z"], new AttributeProto { Name = "then_branch", G = Body("y") },
                new AttributeProto { Name = "else_branch", G = Body("late") }),
            ModelSamples.Node("Relu", ["z"], ["late"]),
        ]));

        Assert.That(inspection.Findings.Select(finding => finding.Message), Is.EqualTo(new[]
        {
            "node 'Relu_inner_late' of 'else_branch' of node 'If_z' uses 'late', which nothing makes",
        }));
    }

    [Test]
    public void Functions_are_checked_and_their_calls_need_no_import()
    {
        var function = new FunctionProto { Name = "Twice", Domain = "my.own", Input = { "a" }, Output = { "c", "d" } };
        function.Node.Add(ModelSamples.Node("Add", ["a", "b"], ["c"]));
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });

        OnnxInspection inspection = Inspect(model =>
        {
            model.Functions.Add(function);
            NodeProto call = ModelSamples.Node("Twice", ["x"], ["z"]);
            call.Domain = "my.own";
            model.Graph.Node.Add(call);
        });

        Assert.That(inspection.Findings.Select(finding => finding.Message), Is.EqualTo(new[]
        {
            "node 'Add_c' of function 'Twice' uses 'b', which nothing makes",
            "output 'd' of function 'Twice' is not made by any node",
        }));
    }

    private static OnnxInspection Inspect(Action<ModelProto> change)
    {
        ModelProto model = ModelSamples.Linear(Weights);
        change(model);
        return new OnnxInspection(OnnxModel.FromBytes(model.ToByteArray()));
    }
}
