using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

public class BatchNormFoldingTests
{
    [Test]
    public void Convolutions_and_dense_layers_take_the_normalisation_over()
    {
        Model model = Drawn(Network.Input("image", 3, 8, 8)
            .Conv2d(4, kernel: 3, bias: false).BatchNorm().Relu()
            .Conv2d(6, kernel: 3, groups: 2).BatchNorm(epsilon: 1e-3, scale: false).Relu()
            .Flatten().Dense(5).BatchNorm(shift: false).Relu().Dense(2).Build("net"));

        Model folded = model.FoldBatchNorms();

        Assert.Multiple(() =>
        {
            Assert.That(folded.Network.Nodes.Select(n => n.Op), Has.None.InstanceOf<BatchNorm>());
            Assert.That(folded.Network.Parameters.Select(p => p.Name), Is.EqualTo(new[]
            {
                "conv1/weight", "conv1/bias", "conv2/weight", "conv2/bias", "dense1/weight", "dense1/bias", "dense2/weight", "dense2/bias",
            }));
            Assert.That(Tensors.Error(Answers(folded), Answers(model)), Is.LessThan(2e-6));
        });
    }

    [Test]
    public void What_others_use_too_stays()
    {
        Value x = Network.Input("image", 3, 8, 8), both = x.Conv2d(3, kernel: 1);
        Value kernels = Network.Parameter("shared", [3, 3, 1, 1]);
        Model model = Drawn(both.BatchNorm().Add(both).Add(x.BatchNorm()).Add(x.Conv2d(kernels).BatchNorm()).Add(x.Conv2d(kernels)).Flatten().Build("net"));

        Model folded = model.FoldBatchNorms();

        Assert.That(folded.Network.Nodes.Count(n => n.Op is BatchNorm), Is.EqualTo(3));
        Assert.That(Answers(folded), Is.EqualTo(Answers(model)));
    }

    /// <summary>A model whose every number was drawn; statistics are above zero.</summary>
    private static Model Drawn(Network network) => new(network, network.Variables.ToDictionary(
        v => v.Name, v => Tensors.Uniform(v.Name, v.Shape.Sizes(), v is Statistic ? 0.5f : -1, v is Statistic ? 2 : 1)));

    private static float[] Answers(Model model)
    {
        Network bound = model.Network.WithBatch(2);
        TensorData images = Tensors.Uniform("image", bound.Inputs[0].Shape.Sizes());
        return GraphRunner.Evaluate(
            bound.Outputs[0], [(bound.Inputs[0], images), .. bound.Variables.Select(v => ((Value)v, model.Weights[v.Name]))]);
    }
}
