using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>Every architecture as an ONNX model, narrow where it can be, and the graph that trains it.</summary>
[Parallelizable(ParallelScope.All)]
public class ExportTests
{
    private static IEnumerable<string> Ids => Architecture.All.Select(a => a.Id);

    /// <summary>A copy with an eighth of the channels: all layers, little work.</summary>
    internal static Network Narrow(string id)
    {
        Architecture architecture = Architecture.Find(id);
        return architecture.Build(classes: architecture.Classes == 1000 ? 100 : null, width: architecture.HasWidth ? 0.125 : 1);
    }

    [TestCaseSource(nameof(Ids))]
    public void Runs_and_every_node_has_a_name(string id)
    {
        Network network = Narrow(id);
        OnnxModel model = Model.Initialize(network, 1).ToOnnx();
        using var session = new InferenceSession(model.ToBytes());
        using var run = new RunOptions();
        Input input = network.WithBatch(1).Inputs[0];
        using OrtValue picture = OrtValue.CreateTensorValueFromMemory(Tensors.Uniform("picture", input.Shape.Sizes()).Floats(), input.Shape.Sizes());

        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [input.Name], [picture], session.OutputNames);

        Assert.Multiple(() =>
        {
            Assert.That(
                outputs.Select(o => o.GetTensorTypeAndShape().Shape), Is.EqualTo(network.WithBatch(1).Outputs.Select(o => o.Shape.Sizes())));
            // Before training has gathered statistics, 600 blocks add up to more than a float holds.
            Assert.That(
                id.StartsWith("resnet1202", StringComparison.Ordinal)
                || outputs.SelectMany(o => o.GetTensorDataAsSpan<float>().ToArray()).All(float.IsFinite), Is.True);
            Assert.That(NamelessNodes(model), Is.Empty);
            Assert.That(new OnnxInspection(model).Findings, Is.Empty);
        });
    }

    /// <summary>At full size: the graph is a definition, and takes no memory for weights.</summary>
    [TestCaseSource(nameof(Ids))]
    public void The_graph_of_a_training_step_builds(string id)
    {
        Architecture architecture = Architecture.Find(id);
        Network network = architecture.Build();

        TrainModel model = TrainModel.Of(network, architecture.Recipe.Loss, architecture.Recipe.Optimizer);

        Assert.Multiple(() =>
        {
            Assert.That(network.Variables.Except(model.Graph.Variables).Except(model.Graph.Frozen), Is.Empty);
            // The prototypes of the paper's LeNet-5 were drawn by hand, and stay.
            Assert.That(model.Graph.Frozen.Select(v => v.Name), Is.EqualTo(id == "lenet5-original" ? ["output/weight"] : Array.Empty<string>()));
            Assert.That(NamelessNodes(model.Onnx), Is.Empty);
            Assert.That(new OnnxInspection(model.Onnx).Findings, Is.Empty);
        });
    }

    /// <summary>Nodes without a name of their own that is a C identifier. NUnit's own constraint compares each with each.</summary>
    private static IEnumerable<string> NamelessNodes(OnnxModel model) => model.Nodes.CountBy(n => n.Name)
        .Where(n => n.Value > 1 || n.Key.Length == 0 || char.IsAsciiDigit(n.Key[0]) || !n.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        .Select(n => n.Key);
}
