using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

/// <summary>Names in ONNX files: every node has its own, it is a C identifier, and it reads like the layer's path.</summary>
public class ExportedNamesTests
{
    private static IEnumerable<TestCaseData> Models()
    {
        Network every = Networks.EveryLayer();
        yield return Case("inference", Model.Initialize(every).ToOnnx());
        yield return Case("training", TrainModel.Of(every, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(momentum: 0.9, weightDecay: 1e-4)).Onnx);
        yield return Case("training, bound", TrainModel.Of(every.WithBatch(2), Loss.MeanSquaredError(), Optimizer.Sgd()).Onnx);
    }

    [TestCaseSource(nameof(Models))]
    public void Nodes_and_values_have_names_of_their_own(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string[] nodes = [.. model.Nodes.Select(n => n.Name)];
        string[] values = [.. model.Inputs.Select(i => i.Name), .. model.Initializers.Select(i => i.Name), .. model.Nodes.SelectMany(n => n.Outputs)];
        Assert.Multiple(() =>
        {
            Assert.That(nodes, Is.Unique);
            Assert.That(values, Is.Unique);
            Assert.That(nodes.Concat(values).Where(name => !Regex.IsMatch(name, "^[A-Za-z_][A-Za-z0-9_]*$")), Is.Empty);
        });
    }

    [Test]
    public void A_model_for_inference_has_exactly_the_layers_by_name()
    {
        Network network = Network.Input("image", 3, 8, 8)
            .Block("inception_4a", x => x.Conv2d(2, kernel: 1, name: "1x1").Concat(x.Conv2d(2, kernel: 3, padding: 1, name: "3x3/reduce").Relu()))
            .Dropout().Flatten().Softmax().Build("net");
        Assert.That(
            Model.Initialize(network).ToOnnx().Nodes.Select(n => $"{n.Name}: {n.OpType}"),
            Is.EqualTo(new[]
            {
                "inception_4a_1x1: Conv", "inception_4a_3x3_reduce: Conv", "inception_4a_relu1: Relu", "inception_4a_concat1: Concat",
                "flatten1: Flatten", "softmax1: Softmax",
            }));
    }

    [TestCase("inception_4a/3x3", "inception_4a_3x3")]
    [TestCase("1x1", "_1x1")]
    [TestCase("größe", "gr__e")]
    [TestCase("a b-c.d", "a_b_c_d")]
    public void Paths_become_identifiers(string path, string expected) => Assert.That(GraphEncoder.Identifier(path), Is.EqualTo(expected));

    /// <summary>Paths that fall together as identifiers are told apart by a number.</summary>
    [Test]
    public void Names_that_differ_in_signs_only_stay_apart()
    {
        Network network = Network.Input("x", 4).Dense(3, name: "a.b").Dense(3, name: "a-b").Dense(3, name: "a_b").Build("net");
        OnnxModel model = Model.Initialize(network).ToOnnx();
        Assert.Multiple(() =>
        {
            Assert.That(model.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "a_b", "a_b_2", "a_b_3" }));
            Assert.That(model.Initializers.Select(i => i.Name), Is.Unique);
        });
    }

    [Test]
    public void Gradients_and_updates_are_named_after_what_they_belong_to()
    {
        Network network = Network.Input("image", 1, 8, 8).Block("stage1", x => x.Conv2d(2, kernel: 3, name: "conv").Relu()).Flatten().Dense(3, name: "scores").Build("net");
        string[] names = [.. TrainModel.Of(network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd()).Onnx.Nodes.Select(n => n.Name)];
        Assert.Multiple(() =>
        {
            foreach (string start in new[] { "gradient_stage1_conv_", "gradient_scores_", "update_stage1_conv_weight_", "update_scores_bias_", "loss_" })
            {
                Assert.That(names, Has.Some.StartsWith(start));
            }

            string[] starts = ["stage1_", "flatten1", "scores", "loss", "gradient_", "update_"];
            Assert.That(names.Where(n => !starts.Any(s => n.StartsWith(s, StringComparison.Ordinal))), Is.Empty);
        });
    }

    /// <summary>Keeps the network with every layer true to its name.</summary>
    [Test]
    public void The_network_with_every_layer_has_every_layer()
    {
        IEnumerable<string> layers = typeof(Network).Assembly.GetExportedTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.IsDefined(typeof(ExtensionAttribute)) && m.ReturnType == typeof(Value) && !m.Name.StartsWith("op_", StringComparison.Ordinal))
            .Select(m => m.Name).Distinct();
        Assert.That(layers, Is.EquivalentTo(new[]
        {
            "Abs", "AdaptiveAveragePool2d", "Add", "Average", "AveragePool1d", "AveragePool2d", "AveragePool3d", "BatchNorm", "Block", "CenterCrop2d",
            "Concat", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Crop2d", "Dense",
            "DenseAsConv2d", "DepthwiseConv2d", "DistanceWeightedPool2d", "Dropout", "Elu", "Exp", "FactorizedConv2d", "Flatten",
            "Flip", "Fold2d", "Gelu", "GlobalAveragePool", "GlobalMaxPool", "GramMatrix", "GroupNorm", "Inception", "InceptionNaive", "InstanceNorm", "L2Pool2d",
            "LayerNorm", "LeakyRelu", "LocalResponseNorm", "LocallyConnected2d", "Log", "LogSoftmax", "MaxPool1d", "MaxPool2d",
            "MaxPool3d", "Maximum", "Mean", "MedianPool2d", "Minimum", "Multiply", "PRelu", "Pad2d", "PartialConv2d", "Pow",
            "RbfOutput", "Relu", "Relu6", "Reshape", "Resize2d", "Reuse", "ScaledTanh", "SeparableConv2d", "Shortcut", "Sigmoid", "Silu",
            "Slice", "Softmax", "SpatialDropout", "Sqrt", "Square", "StochasticPool2d", "StopGradient", "Sum", "Tanh",
            "ToChannelsFirst", "ToChannelsLast", "TrainableSubsampling2d", "Transpose", "TrueConv2d", "Unfold2d", "Upsample2d",
        }), "a new layer belongs in Networks.EveryLayer, then in this list");
    }

    private static TestCaseData Case(string name, OnnxModel model) => new TestCaseData(model).SetArgDisplayNames(name);
}
