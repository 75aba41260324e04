using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>The training step as a whole.</summary>
public class TrainStepTests
{
    /// <summary>
    /// Every operator of LeNet-5's training step. A change of a gradient or of a lowered form shows here: change the list with it, and only
    /// then.
    /// </summary>
    [TestCase(
        false,
        "Add 20, ArgMax 1, AveragePool 2, Conv 6, ConvTranspose 2, Div 3, Equal 2, Exp 2, Expand 2, Flatten 1, Gemm 6, " +
        "Log 1, MatMul 3, Mul 43, ReduceMax 1, ReduceMean 1, ReduceSum 12, Reshape 13, Resize 2, Sub 17, Tanh 4, Transpose 3, Where 2")]
    [TestCase(
        true,
        "Add 23, ArgMax 1, Concat 1, ConvTranspose 1, Div 3, Equal 2, Exp 2, Expand 2, Gather 2, Gemm 7, " +
        "Log 1, MatMul 12, Mul 43, ReduceMax 1, ReduceMean 1, ReduceSum 9, Reshape 48, Sub 17, Tanh 4, Transpose 15, Where 2")]
    public void The_operators_of_a_step_are_these(bool batchLast, string expected)
    {
        Network network = Architecture.Find("lenet5").Build().WithBatch(32);
        TrainModel model = TrainModel.Of(
            network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 5e-4), batchLast: batchLast);
        IEnumerable<string> counts = model.Onnx.Nodes.GroupBy(n => n.OpType).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}");
        Assert.That(string.Join(", ", counts), Is.EqualTo(expected));
    }

    /// <summary>The free batch and the bound one are lowered differently (shapes at run time, constants) and must agree.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_free_batch_gives_what_a_bound_batch_gives(bool crossEntropy)
    {
        const int Batch = 3;
        Network network = Networks.EveryLayer();
        Loss loss = crossEntropy ? Loss.SoftmaxCrossEntropy() : Loss.MeanSquaredError();
        IReadOnlyList<TensorData> free = Step(network), bound = Step(network.WithBatch(Batch));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < free.Count; i++)
            {
                Assert.That(Tensors.Error(free[i].Floats(), bound[i].Floats()), Is.LessThan(1e-6), $"value {i}");
            }
        });

        IReadOnlyList<TensorData> Step(Network form)
        {
            TrainGraph graph = TrainGraph.Of(form, loss, Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-2));
            return GraphRunner.Evaluate([graph.Loss, .. graph.Updates.Select(u => u.Next)], GraphRunner.Feeds(
                graph.Inputs.Select(i => ((Value)i, Fed(i))).Concat(graph.Variables.Select(v => ((Value)v, v.Initializer.Draw(v, 1))))));
        }

        static TensorData Fed(Input input)
        {
            long[] dims = input.Shape.Bind(Network.BatchSymbol, Batch).Sizes();
            return input switch
            {
                { Kind: InputKind.Scalar } => TensorData.Scalar(0.1f),
                { Type.Element: ElementType.Int64 } => TensorData.Vector<long>(1, 9, 4),
                { Kind: InputKind.Noise } => Tensors.Uniform(input.Name, dims, 0.5f, 1),
                _ => Tensors.Uniform(input.Name, dims),
            };
        }
    }

    [Test]
    public void Dropout_becomes_a_mask_that_is_fed()
    {
        Network network = Network.Input("x", 4).Dropout(0.25f, name: "drop").Dense(2).Build("net");
        TrainGraph graph = TrainGraph.Of(network, Loss.MeanSquaredError(), Optimizer.Sgd());
        Input mask = graph.Inputs.Single(i => i.Kind == InputKind.Noise);
        Assert.Multiple(() =>
        {
            Assert.That(mask.Name, Is.EqualTo("drop/mask"));
            Assert.That(mask.Noise, Is.EqualTo(new MaskNoise(0.75f, 1 / 0.75f)));
            Assert.That(mask.Shape.ToString(), Is.EqualTo("[N, 4]"));
        });
    }
}
