using Cnn.Graph.Interop;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;
using static Cnn.Graph.Tests.Onnx.ModelSamples;

namespace Cnn.Graph.Tests.Interop;

/// <summary>Weights of other files: what is found, what is changed on the way, what is told.</summary>
public class WeightImportTests
{
    private static readonly TensorData Picture = Tensors.Uniform("x", [2, 2, 4, 4]);

    private static Network Small() => Network.Input("x", 2, 4, 4)
        .Conv2d(3, kernel: 3, name: "conv").BatchNorm(epsilon: 0.5, name: "bn").Relu()
        .Flatten().Dense(5, name: "fc1").Relu().Dense(4, bias: false, name: "fc2").Build("small");

    [Test]
    public void Numbers_that_are_none_are_refused_whatever_their_type()
    {
        Network network = Network.Input("x", 2).Dense(2, name: "fc").Build("one");
        var tensors = new Dictionary<string, TensorData>
        {
            ["fc/weight"] = TensorData.Of<Half>([Half.NaN, Half.One, Half.PositiveInfinity, Half.Zero], [2, 2]),
            // Too large for a float.
            ["fc/bias"] = TensorData.Vector(1e300, 1.0),
        };

        WeightImport import = WeightImport.Of(network, tensors);

        Assert.That(import.NotFinite, Is.EqualTo(new[] { "fc/weight (2 of 4 numbers)", "fc/bias (1 of 2 numbers)" }));
        Assert.That(import.IsComplete, Is.False);
        Assert.That(
            () => import.ToModel(),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("NaN or infinite: fc/weight (2 of 4 numbers)"));
        Assert.That(import.ToModel(["fc/*"]).Weights, Has.Count.EqualTo(2));
    }

    /// <summary>The same layers as another exporter writes them, its own names on everything.</summary>
    /// <param name="isFolded">Whether the normalisation is in the convolution.</param>
    /// <param name="epsilon">What the normalisation adds to variances.</param>
    private static OnnxModel Foreign(bool isFolded, float epsilon = 0.5f)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "foreign" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        GraphProto graph = model.Graph;
        graph.Input.Add(Value("in", "N", 2, 4, 4));
        graph.Output.Add(Value("out", "N", 4));
        Add("w", 3, 2, 3, 3);
        Add("b", 3);
        graph.Node.Add(Node("Conv", ["in", "w", "b"], ["c"]));
        if (!isFolded)
        {
            Add("s", 3);
            Add("m", 3);
            graph.Initializer.Add(TensorCodec.Encode("v", Tensors.Uniform("v", [3], 0.5f, 1.5f)));
            // Scale and shift are equal, so that they are stored once.
            graph.Node.Add(Node("Identity", ["s"], ["t"]));
            graph.Node.Add(Node("BatchNormalization", ["c", "s", "t", "m", "v"], ["n"], new AttributeProto
            {
                Name = "epsilon", Type = AttributeProto.Types.AttributeType.Float, F = epsilon,
            }));
        }

        graph.Node.Add(Node("Relu", [isFolded ? "c" : "n"], ["r"]));
        graph.Node.Add(Node("Flatten", ["r"], ["f"]));
        graph.Node.Add(Node("Constant", [], ["w1"], new AttributeProto
        {
            Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = TensorCodec.Encode(string.Empty, Tensors.Uniform("w1", [12, 5])),
        }));
        Add("b1", 5);
        graph.Node.Add(Node("MatMul", ["f", "w1"], ["p"]));
        graph.Node.Add(Node("Add", ["b1", "p"], ["q"]));
        graph.Node.Add(Node("Relu", ["q"], ["z"]));
        Add("w2", 5, 4);
        graph.Node.Add(Node("Gemm", ["z", "w2"], ["out"]));
        return new OnnxModel(model);

        void Add(string name, params long[] dims) => graph.Initializer.Add(TensorCodec.Encode(name, Tensors.Uniform(name, dims)));
    }

    [TestCase(true, 0.5f)]
    [TestCase(false, 0.5f)]
    [TestCase(false, 0.25f)]
    public void A_foreign_model_gives_the_same_answers(bool isFolded, float epsilon)
    {
        OnnxModel foreign = Foreign(isFolded, epsilon);

        WeightImport import = WeightImport.Of(Small(), foreign);

        Assert.That(import.IsByName, Is.False);
        Assert.That(import.Unused, Is.Empty);
        Assert.That(Tensors.Error(Run(import.ToModel().ToOnnx(), "x"), Run(foreign, "in")), Is.LessThan(1e-5));
    }

    private static float[] Run(OnnxModel model, string input)
    {
        using var session = new InferenceSession(model.ToBytes());
        using var run = new RunOptions();
        using OrtValue picture = OrtValue.CreateTensorValueFromMemory(Picture.Floats(), [.. Picture.Dims]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [input], [picture], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    [Test]
    public void The_report_tells_what_was_done()
    {
        WeightImport folded = WeightImport.Of(Small(), Foreign(isFolded: true)), whole = WeightImport.Of(Small(), Foreign(isFolded: false, epsilon: 0.25f));

        Assert.Multiple(() =>
        {
            Assert.That($"{folded}", Is.EqualTo("9 of 9 variables found by order and shape, 2 transposed, 4 neutral."));
            Assert.That(folded.Difference, Is.LessThan(1e-5));
            Assert.That(folded.Matches.Select(m => $"{m}"), Is.EqualTo(new[]
            {
                "conv/weight <- w", "conv/bias <- nothing in the file (Neutral)", "bn/scale <- nothing in the file (Neutral)", "bn/shift <- b",
                "bn/mean <- nothing in the file (Neutral)", "bn/variance <- nothing in the file (Neutral)",
                "fc1/weight <- w1 (Transposed)", "fc1/bias <- b1", "fc2/weight <- w2 (Transposed)",
            }));
            Assert.That(whole.Matches.Select(m => $"{m}"), Is.SupersetOf(new[] { "bn/scale <- s", "bn/shift <- s", "bn/variance <- v (Adjusted)" }));
        });
    }

    [Test]
    public void Names_win_over_order()
    {
        var names = new Dictionary<string, string>
        {
            ["conv/weight"] = "w", ["conv/bias"] = "b", ["bn/scale"] = "s", ["bn/shift"] = "t", ["bn/mean"] = "m", ["bn/variance"] = "v",
            ["fc1/weight"] = "w1", ["fc1/bias"] = "b1", ["fc2/weight"] = "w2",
        };
        OnnxModel foreign = Foreign(isFolded: false);

        WeightImport import = WeightImport.Of(Small(), foreign, names);

        Assert.That($"{import}", Is.EqualTo("9 of 9 variables found by name, 2 transposed."));
        Assert.That(Tensors.Error(Run(import.ToModel().ToOnnx(), "x"), Run(foreign, "in")), Is.LessThan(1e-5));
    }

    [Test]
    public void A_file_of_this_library_comes_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        Model model = Model.Initialize(Networks.EveryLayer(), 3);
        model.SaveOnnx(folder["a.onnx"]);
        model.SaveSafeTensors(folder["a.safetensors"]);

        foreach (string file in new[] { "a.onnx", "a.safetensors" })
        {
            WeightImport import = WeightImport.Of(Networks.EveryLayer(), folder[file]);
            Assert.That($"{import}", Is.EqualTo($"{model.Weights.Count} of {model.Weights.Count} variables found by name."), file);
            Assert.That(import.ToModel().ToOnnx().ToBytes(), Is.EqualTo(model.ToOnnx().ToBytes()), file);
        }
    }

    [Test]
    public void Nothing_is_taken_in_part()
    {
        Model small = Model.Initialize(Small());
        Dictionary<string, TensorData> tensors = small.Weights.ToDictionary();
        tensors.Remove("bn/mean");
        tensors["fc1/weight"] = TensorData.Of<float>(new float[60], 12, 5);
        tensors["conv/bias"] = TensorData.Of<long>([1, 2, 3], 3);
        tensors["extra"] = TensorData.Scalar(1f);
        tensors["batches"] = TensorData.Scalar(1L);

        WeightImport import = WeightImport.Of(Small(), tensors);

        var e = Assert.Throws<CnnGraphException>(() => import.ToModel());
        Assert.That(e.Message, Is.EqualTo(
            "The weights of the tensors do not fill 'small'. 6 of 9 variables found by name; missing: bn/mean; wrong shape: " +
            "conv/bias is Int64[3] as 'conv/bias', not Float[3], fc1/weight is Float[12, 5] as 'fc1/weight', not Float[5, 12]; not used: extra."));
    }

    [Test]
    public void What_is_to_start_anew_needs_no_tensor()
    {
        Dictionary<string, TensorData> tensors = Model.Initialize(Small(), 1).Weights.Where(w => w.Key != "fc2/weight").ToDictionary();
        WeightImport import = WeightImport.Of(Small(), tensors);

        Model model = import.ToModel(["fc*/weight"], seed: 2);

        Model drawn = Model.Initialize(Small(), 2);
        Assert.Multiple(() =>
        {
            Assert.That(model.Weights["fc2/weight"].Floats(), Is.EqualTo(drawn.Weights["fc2/weight"].Floats()));
            Assert.That(model.Weights["fc1/weight"].Floats(), Is.EqualTo(drawn.Weights["fc1/weight"].Floats()), "even where the file has it");
            Assert.That(model.Weights["conv/weight"], Is.SameAs(tensors["conv/weight"]));
            Assert.That(() => import.ToModel(["conv/*"]), Throws.TypeOf<CnnGraphException>().With.Message.Contains("missing: fc2/weight"));
            Assert.That(() => import.ToModel(["fc3/*"]), Throws.TypeOf<CnnGraphException>().With.Message.Contains("'fc3/*' names no parameter"));
        });
    }

    [Test]
    public void Elements_of_other_widths_are_converted()
    {
        Model small = Model.Initialize(Small(), 1);
        Dictionary<string, TensorData> tensors = small.Weights.ToDictionary();
        float[] numbers = tensors["conv/weight"].Floats();
        tensors["conv/weight"] = TensorData.Of<double>([.. numbers.Select(n => (double)n)], 3, 2, 3, 3);
        tensors["fc1/bias"] = new TensorData(ElementType.Float16, [5], new byte[] { 0, 0x3C, 0, 0xBC, 0, 0x38, 0, 0, 1, 0 });

        WeightImport import = WeightImport.Of(Small(), tensors);

        Model model = import.ToModel();
        Assert.Multiple(() =>
        {
            Assert.That($"{import}", Does.Contain("2 converted"));
            Assert.That(model.Weights["conv/weight"].Floats(), Is.EqualTo(numbers));
            Assert.That(model.Weights["fc1/bias"].Floats(), Is.EqualTo(new[] { 1, -1, 0.5f, 0, (float)Half.Epsilon }));
        });
    }

    [Test]
    public void A_kernel_may_come_as_a_matrix()
    {
        Network asConvolution = Network.Input("x", 3, 1, 1).Conv2d(2, kernel: 1, name: "head").Build("net");
        TensorData matrix = Tensors.Uniform("head", [2, 3]);
        var tensors = new Dictionary<string, TensorData> { ["head/weight"] = matrix, ["head/bias"] = TensorData.Vector<float>(1, 2) };

        WeightImport import = WeightImport.Of(asConvolution, tensors);

        Assert.That(import.Matches[0].Change, Is.EqualTo(WeightChange.Reshaped));
        Assert.That(import.ToModel().Weights["head/weight"].Floats(), Is.EqualTo(matrix.Floats()));
        tensors["head/weight"] = Tensors.Uniform("head", [3, 2]);
        Assert.That(WeightImport.Of(asConvolution, tensors).Misshapen, Has.Count.EqualTo(1), "the first axis must be the same");
    }

    /// <summary>
    /// Two convolutions on one side, one on the other, all alike: in another order each finds a partner, but not its own.
    /// </summary>
    [Test]
    public void Layers_that_are_alike_must_be_fed_alike()
    {
        Value x = Network.Input("x", 4, 2, 2);
        Value Convolved(Value from, string name) => from.Conv2d(4, kernel: 1, bias: false, name: name);
        Network network = Convolved(Convolved(x, "a1"), "a2").Concat([Convolved(x, "b")], name: "both").Build("net");
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "foreign" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x", "N", 4, 2, 2));
        model.Graph.Output.Add(Value("out", "N", 8, 2, 2));
        foreach ((string from, string weight, string to) in new[] { ("x", "wb", "p"), ("x", "w1", "q"), ("q", "w2", "r") })
        {
            model.Graph.Initializer.Add(TensorCodec.Encode(weight, Tensors.Uniform(weight, [4, 4, 1, 1])));
            model.Graph.Node.Add(Node("Conv", [from, weight], [to]));
        }

        model.Graph.Node.Add(Node("Concat", ["r", "p"], ["out"], new AttributeProto
        {
            Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 1,
        }));

        WeightImport import = WeightImport.Of(network, new OnnxModel(model));

        Assert.That(import.IsComplete, Is.False);
        Assert.That(() => import.ToModel(), Throws.TypeOf<CnnGraphException>()
            .With.Message.Contains("'a2' and the file's 'Conv_q' are alike but are not fed by the same layers"));
    }

    /// <summary>Both branches begin at the input and are alike; only the order in which they are joined tells them apart.</summary>
    [TestCase("p", "q", true)]
    [TestCase("q", "p", false)]
    public void Layers_that_make_the_output_must_stand_in_its_order(string first, string second, bool isRight)
    {
        Value x = Network.Input("x", 4, 2, 2);
        Value a = x.Conv2d(4, kernel: 1, bias: false, name: "a"), b = x.Conv2d(4, kernel: 1, bias: false, name: "b");
        Network network = a.Concat([b], name: "both").Build("net");
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "foreign" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x", "N", 4, 2, 2));
        model.Graph.Output.Add(Value("out", "N", 8, 2, 2));
        foreach ((string weight, string to) in new[] { ("wa", "p"), ("wb", "q") })
        {
            model.Graph.Initializer.Add(TensorCodec.Encode(weight, Tensors.Uniform(weight, [4, 4, 1, 1])));
            model.Graph.Node.Add(Node("Conv", ["x", weight], [to]));
        }

        model.Graph.Node.Add(Node("Concat", [first, second], ["out"], new AttributeProto
        {
            Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 1,
        }));

        WeightImport import = WeightImport.Of(network, new OnnxModel(model));

        Assert.That(import.IsComplete, Is.EqualTo(isRight), $"{import}");
        Assert.That(import.Fault, isRight ? Is.Null : Does.Contain("stand in another order"));
    }

    /// <summary>Whatever else the file's graph does is seen by running both.</summary>
    [TestCase("Tanh")]
    [TestCase("Neg")]
    public void A_file_that_computes_something_else_is_refused_or_told(string between)
    {
        OnnxModel foreign = Foreign(isFolded: true);
        NodeProto relu = foreign.Proto.Graph.Node.Last(n => n.OpType == "Relu");
        foreign.Proto.Graph.Node.Insert(foreign.Proto.Graph.Node.IndexOf(relu), Node(between, [relu.Input[0]], ["other"]));
        relu.Input[0] = "other";
        Dictionary<string, string> names = new() { ["conv/weight"] = "w", ["conv/bias"] = "b", ["fc1/weight"] = "w1", ["fc1/bias"] = "b1", ["fc2/weight"] = "w2" };
        Network plain = Network.Input("x", 2, 4, 4).Conv2d(3, kernel: 3, name: "conv").Relu().Flatten().Dense(5, name: "fc1").Relu()
            .Dense(4, bias: false, name: "fc2").Build("plain");

        WeightImport byOrder = WeightImport.Of(Small(), foreign), byName = WeightImport.Of(plain, foreign, names);

        Assert.Multiple(() =>
        {
            Assert.That(() => byOrder.ToModel(), Throws.TypeOf<CnnGraphException>().With.Message.Contains("the network answers otherwise than the file, by "));
            Assert.That(byName.IsComplete, Is.True);
            Assert.That($"{byName}", Does.Contain("; the network answers otherwise than the file, by "));
            Assert.That(byName.Difference, Is.GreaterThan(0.01));
        });
    }

    [Test]
    public void What_cannot_be_compared_is_told()
    {
        OnnxModel foreign = Foreign(isFolded: true);
        foreign.Proto.Graph.Input.Add(Value("more", "N", 1));

        WeightImport import = WeightImport.Of(Small(), foreign);

        Assert.That($"{import}", Does.Contain("the answers were not compared with the file's: "));
        Assert.That(import.Difference, Is.Null);
    }
}
