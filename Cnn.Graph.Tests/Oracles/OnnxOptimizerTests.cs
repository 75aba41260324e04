using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>
/// Our optimisers against the vectors with which ONNX tests its own (ai.onnx.preview.training), where the package libonnx-testdata is
/// installed. A node takes the rate R, the count T of earlier steps, then all tensors, all gradients and all of each kind of state.
/// </summary>
public class OnnxOptimizerTests
{
    private static readonly string[] Operators = ["Momentum", "Adagrad", "Adam"];

    private static IEnumerable<TestCaseData> Vectors()
    {
        string[] folders =
        [
            .. OnnxTestData.Models.Where(m => Path.GetFileName(Path.GetDirectoryName(m)!).Split('_') is ["test", "momentum" or "nesterov" or "adagrad" or "adam", ..])
                .Select(m => Path.GetDirectoryName(m)!),
        ];
        return folders.Length > 0
            ? folders.Select(f => new TestCaseData(f).SetArgDisplayNames(Path.GetFileName(f)))
            : [new TestCaseData(string.Empty).SetArgDisplayNames("none").Ignore("skipped: the package libonnx-testdata is not installed")];
    }

    [TestCaseSource(nameof(Vectors))]
    public void Steps_are_those_of_ONNX(string folder)
    {
        NodeProto node = OnnxModel.Load(Path.Combine(folder, "model.onnx")).Proto.Graph.Node.Single();
        TensorData[] inputs = Tensors(folder, "input", node.Input.Count), expected = Tensors(folder, "output", node.Output.Count);
        Assert.That(Operators, Does.Contain(node.OpType));
        (double rate, long steps) = (inputs[0].Span<float>()[0], inputs[1].Span<long>()[0]);
        string[] states = node.OpType switch { "Momentum" => ["velocity"], "Adagrad" => ["square_sum"], _ => ["mean", "mean_square"] };
        int count = (inputs.Length - 2) / (2 + states.Length);

        Parameter[] tensors = [.. Enumerable.Range(0, count).Select(i => OptimizerRun.Weight($"x{i}", 0, [.. inputs[2 + i].Dims]))];
        Input[] gradients = [.. tensors.Select(x => new Input(Label.Fixed($"{x.Name}/gradient"), x.Type))];
        if (Path.GetFileName(folder) == "test_adam_multiple")
        {
            // ONNX's program for it computes with this epsilon but leaves it out of the node.
            node.Attribute.Add(new AttributeProto { Name = "epsilon", F = 1e-2f });
        }

        (Optimizer optimizer, double factor) = Same(node, steps);
        var run = new OptimizerRun(optimizer, tensors.Zip(gradients, (x, g) => (x * g).Sum()).Aggregate((a, b) => a + b), tensors);
        Variable[] variables = [.. tensors, .. states.SelectMany(s => tensors.Select(x => run.Updates.Single(u => u.Variable.Name == $"{x.Name}/{s}").Variable))];
        run.Run(tensors[0], [rate * factor], (_, values) =>
        {
            foreach ((Value value, int i) in tensors.Concat<Value>(gradients).Concat(variables[count..]).Select((v, i) => (v, i)))
            {
                values[value] = inputs[2 + i];
            }

            // ONNX has its correction for the start in the rate; averages whose weights already sum to one are not corrected again.
            foreach (Variable sum in run.Updates.Select(u => u.Variable).Where(v => v.Name.StartsWith("optimizer/", StringComparison.Ordinal)))
            {
                values[sum] = TensorData.Scalar(1f);
            }
        });
        Assert.Multiple(() =>
        {
            for (int i = 0; i < variables.Length; i++)
            {
                Assert.That(Support.Tensors.Error(run[variables[i]], expected[i].Floats()), Is.LessThan(1e-6), $"{node.Output[i]}: {variables[i].Name}");
            }
        });
    }

    /// <summary>Our optimiser for a node of ONNX, and what its rate is to be multiplied with.</summary>
    private static (Optimizer Optimizer, double RateFactor) Same(NodeProto node, long steps)
    {
        var attributes = node.Attribute.ToDictionary(a => a.Name);
        double Number(string name, double otherwise) => attributes.TryGetValue(name, out AttributeProto? a) ? a.F : otherwise;
        double decay = Number("norm_coefficient", 0);
        Assert.That(Number("norm_coefficient_post", 0), Is.Zero, "a decay behind the step, which our optimisers do not have");
        switch (node.OpType)
        {
            case "Momentum":
                // With the first step `beta`, a factor of the gradient in the velocity, is not used.
                Assert.That(steps, Is.Zero);
                bool isNesterov = attributes["mode"].S.ToStringUtf8() == "nesterov";
                return (Optimizer.Sgd(1, Number("alpha", 0), decay, isNesterov ? MomentumForm.Nesterov : MomentumForm.PyTorch), 1);
            case "Adagrad":
                return (Optimizer.Adagrad(1, Number("epsilon", 1e-6), decay), 1 / (1 + (steps * Number("decay_factor", 0))));
            default:
                double alpha = Number("alpha", 0.9), beta = Number("beta", 0.999);
                double correction = steps > 0 ? Math.Sqrt(1 - Math.Pow(beta, steps)) / (1 - Math.Pow(alpha, steps)) : 1;
                return (Optimizer.Adam(1, alpha, beta, Number("epsilon", 1e-6), decay), correction);
        }
    }

    private static TensorData[] Tensors(string folder, string kind, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => Path.Combine(folder, "test_data_set_0", $"{kind}_{i}.pb"))
            .Select(path => TensorCodec.Decode(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), null, path)),
    ];
}
