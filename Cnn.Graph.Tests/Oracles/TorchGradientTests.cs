using System.Text.Json;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Values and gradients of single operators against PyTorch in double precision, where it is installed.</summary>
[Category("Oracle")]
public class TorchGradientTests
{
    /// <summary>A case of the gradient tables, by name, and the same function in PyTorch; v holds the inputs, then weight and bias.</summary>
    private static readonly Dictionary<string, string> Expressions = new()
    {
        ["conv"] = "F.conv2d(*v)",
        ["conv: no bias"] = "F.conv2d(*v)",
        ["conv: padding"] = "F.conv2d(*v, padding=1)",
        ["conv: asymmetric padding"] = "F.conv2d(F.pad(v[0], (0, 2, 2, 1)), v[1], v[2])",
        ["conv: stride"] = "F.conv2d(*v, stride=2)",
        ["conv: stride that leaves pixels out"] = "F.conv2d(*v, stride=2)",
        ["conv: stride beyond the kernel"] = "F.conv2d(*v, stride=3)",
        ["conv: two strides"] = "F.conv2d(*v, stride=(2, 3), padding=1)",
        ["conv: same, even kernel"] = "F.conv2d(*v, padding='same')",
        ["conv: same, dilation"] = "F.conv2d(*v, padding='same', dilation=2)",
        ["conv: same, stride"] = "F.conv2d(F.pad(v[0], (0, 1, 0, 1)), v[1], v[2], stride=2)",
        ["conv: same lower, stride"] = "F.conv2d(F.pad(v[0], (1, 0, 1, 0)), v[1], v[2], stride=2)",
        ["conv: dilation"] = "F.conv2d(*v, dilation=2)",
        ["conv: two dilations, stride, padding"] = "F.conv2d(*v, stride=2, padding=2, dilation=(2, 3))",
        ["conv: groups"] = "F.conv2d(*v, groups=2)",
        ["conv: groups, stride, padding"] = "F.conv2d(*v, stride=2, padding=1, groups=2)",
        ["conv: depthwise"] = "F.conv2d(*v, padding=1, groups=3)",
        ["conv: depthwise, two kernels a channel"] = "F.conv2d(*v, groups=3)",
        ["conv: 1x1, stride"] = "F.conv2d(*v, stride=2)",
        ["conv: 1x7"] = "F.conv2d(*v, padding=(0, 3))",
        ["conv: kernel as large as the picture"] = "F.conv2d(*v)",
        ["conv: the same kernels twice"] = "F.conv2d(F.conv2d(*v, padding=1), v[1], padding=1)",
        ["conv 1-D: stride and asymmetric padding"] = "F.conv1d(F.pad(v[0], (2, 1)), v[1], v[2], stride=2)",
        ["conv 1-D: same, dilation"] = "F.conv1d(*v, padding='same', dilation=2)",
        ["conv 1-D: groups, no bias"] = "F.conv1d(*v, groups=2)",
        ["conv 3-D"] = "F.conv3d(*v)",
        ["conv 3-D: stride and padding"] = "F.conv3d(*v, stride=(1, 2, 2), padding=1)",
        ["conv 3-D: dilation"] = "F.conv3d(*v, dilation=(1, 2, 2))",
        ["conv 3-D: depthwise"] = "F.conv3d(*v, groups=2)",
        ["max pool: tiles"] = "F.max_pool2d(v[0], 2)",
        ["max pool: overlap, 3x3 by 2"] = "F.max_pool2d(v[0], 3, 2)",
        ["max pool: stride 1"] = "F.max_pool2d(v[0], 2, 1)",
        ["max pool: oblong window"] = "F.max_pool2d(v[0], (1, 3), (2, 1))",
        ["max pool: padding"] = "F.max_pool2d(v[0], 3, 2, 1)",
        ["max pool: padding around negative numbers"] = "F.max_pool2d(v[0] - 16, 3, 2, 1)",
        ["max pool: dilation"] = "F.max_pool2d(v[0], 3, 1, dilation=2)",
        ["max pool: rounded up"] = "F.max_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["max pool: rounded up, padding"] = "F.max_pool2d(v[0], 3, 2, 1, ceil_mode=True)",
        ["max pool: rounded up, a window behind the end left out"] = "F.max_pool2d(v[0], 2, 2, 1, ceil_mode=True)",
        ["max pool: rounded up, dilation"] = "F.max_pool2d(v[0], 2, 2, dilation=2, ceil_mode=True)",
        ["max pool 1-D"] = "F.max_pool1d(v[0], 3, 2)",
        ["max pool 1-D: dilation"] = "F.max_pool1d(v[0], 3, 1, 1, dilation=2)",
        ["max pool 3-D"] = "F.max_pool3d(v[0], 2)",
        ["max pool 3-D: rounded up, padding"] = "F.max_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True)",
        ["max pool 3-D: dilation"] = "F.max_pool3d(v[0], 2, (1, 2, 1), dilation=(2, 1, 3))",
        ["global max pool"] = "F.adaptive_max_pool2d(v[0], 1)",
        ["global max pool: signals"] = "F.adaptive_max_pool1d(v[0], 1)",
        ["global max pool: volumes"] = "F.adaptive_max_pool3d(v[0], 1)",
        ["average pool: tiles"] = "F.avg_pool2d(v[0], 2)",
        ["average pool: overlap, 3x3 by 2"] = "F.avg_pool2d(v[0], 3, 2)",
        ["average pool: padding, zeros counted"] = "F.avg_pool2d(v[0], 3, 2, 1)",
        ["average pool: padding, zeros not counted"] = "F.avg_pool2d(v[0], 3, 2, 1, count_include_pad=False)",
        ["average pool: rounded up"] = "F.avg_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["average pool: rounded up, padding not counted"] = "F.avg_pool2d(v[0], 3, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool: rounded up, padding counted"] = "F.avg_pool2d(v[0], 3, 2, 1, ceil_mode=True)",
        ["average pool: rounded up, no padding to count"] = "F.avg_pool2d(v[0], 3, 2, ceil_mode=True)",
        ["average pool: rounded up, a window behind the end left out"] =
            "F.avg_pool2d(v[0], 2, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool 1-D"] = "F.avg_pool1d(v[0], 3, 2)",
        ["average pool 1-D: rounded up, padding counted"] = "F.avg_pool1d(v[0], 3, 2, 1, ceil_mode=True)",
        ["average pool 1-D: rounded up, padding not counted"] = "F.avg_pool1d(v[0], 3, 2, 1, ceil_mode=True, count_include_pad=False)",
        ["average pool 3-D"] = "F.avg_pool3d(v[0], 2)",
        ["average pool 3-D: rounded up, padding counted"] = "F.avg_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True)",
        ["average pool 3-D: rounded up, padding not counted"] =
            "F.avg_pool3d(v[0], (2, 3, 3), 2, 1, ceil_mode=True, count_include_pad=False)",
        ["global average pool"] = "F.adaptive_avg_pool2d(v[0], 1)",
        ["global average pool: signals"] = "F.adaptive_avg_pool1d(v[0], 1)",
        ["global average pool: volumes"] = "F.adaptive_avg_pool3d(v[0], 1)",
        ["L2 pool: tiles"] = "F.lp_pool2d(v[0], 2, 2)",
        ["L2 pool: overlap"] = "F.lp_pool2d(v[0], 2, 3, 2)",
        ["L2 pool: rounded up, padding"] = "F.lp_pool2d(F.pad(v[0], (1, 2, 1, 2)), 2, 3, 2)",
        ["median pool: 3x3 by 2"] = "F.unfold(v[0], 3, stride=2).view(2, 2, 9, -1).median(2)[0].view(2, 2, 3, 2)",
        ["median pool: stride 1"] = "F.unfold(v[0], 3).view(1, 2, 9, -1).median(2)[0].view(1, 2, 3, 3)",
        ["median pool: even"] = "F.unfold(v[0], 2, stride=2).view(1, 2, 4, -1).quantile(0.5, 2).view(1, 2, 2, 2)",
        ["median pool: even, overlap"] = "F.unfold(v[0], (2, 3), stride=(1, 2)).view(1, 2, 6, -1).quantile(0.5, 2).view(1, 2, 3, 2)",
        ["distance-weighted pool"] = "F.conv2d(v[0], gauss(3, 3, 1, 3), stride=2, groups=3)",
        ["distance-weighted pool: sigma, oblong window"] = "F.conv2d(v[0], gauss(2, 3, 0.75, 2), stride=(2, 3), groups=2)",
        ["distance-weighted pool: padding"] =
            "(lambda weighted: weighted(v[0]) / weighted(torch.ones_like(v[0])))" +
            "(lambda x: F.conv2d(x, gauss(3, 3, 1, 2), stride=2, padding=1, groups=2))",
        ["stochastic pool in use: overlap"] = "F.avg_pool2d(v[0] ** 2, 3, 2) / F.avg_pool2d(v[0], 3, 2)",
        ["trainable subsampling"] = "4 * F.avg_pool2d(v[0], 2) * v[1] + v[2]",
        ["unfold"] = "F.unfold(v[0], 3)",
        ["unfold: stride, padding, dilation"] = "F.unfold(v[0], (2, 3), dilation=2, padding=1, stride=(2, 1))",
        ["fold"] = "F.fold(v[0], 4, 2)",
        ["fold: stride, padding, dilation"] = "F.fold(v[0], 6, (2, 3), dilation=2, padding=1, stride=(2, 1))",
        ["fold: pixels that no window saw"] = "F.fold(v[0], (6, 7), 2, stride=3)",
        ["locally connected"] = "local(v[0], v[1], 2, 3).view(2, 2, 2, 3) + v[2]",
        ["locally connected: stride, padding, no bias"] = "local(v[0], v[1], 3, (3, 2), stride=2, padding=1).view(2, 3, 3, 4)",
        ["dense"] = "F.linear(*v)",
        ["gemm: A·B, alpha 0.5, beta 3, C [4]"] = "3 * v[2] + 0.5 * v[0] @ v[1]",
        ["gemm: Aᵀ·Bᵀ, alpha -2, beta 0.25, C [4]"] = "0.25 * v[2] - 2 * v[0].T @ v[1].T",
        ["matmul: batches broadcast on both sides"] = "v[0] @ v[1]",
        ["relu"] = "F.relu(v[0])",
        ["leaky relu"] = "F.leaky_relu(v[0], 0.2)",
        ["sigmoid"] = "torch.sigmoid(4 * v[0])",
        ["tanh"] = "torch.tanh(2 * v[0])",
        ["softmax: channels"] = "F.softmax(v[0], 1)",
        ["log softmax: rows"] = "F.log_softmax(2 * v[0], -1)",
        ["div: row and column"] = "v[0] / v[1]",
        ["concat: channels"] = "torch.cat(v, 1)",
        ["loss: softmax cross-entropy"] = "F.cross_entropy(v[0], labels)",
        ["loss: softmax cross-entropy: smoothed"] = "F.cross_entropy(v[0], labels, label_smoothing=0.1)",
        ["loss: softmax cross-entropy: class weights"] = "F.cross_entropy(v[0], labels, weight=classes)",
        ["loss: softmax cross-entropy: an ignored label"] = "F.cross_entropy(v[0], labels, ignore_index=2)",
        ["loss: softmax cross-entropy: all at once"] = "F.cross_entropy(v[0], labels, label_smoothing=0.2, weight=classes, ignore_index=2)",
        ["loss: sigmoid cross-entropy"] = "F.binary_cross_entropy_with_logits(v[0], torch.full((2, 8), 0.25).double())",
        ["loss: mean squared error"] = "F.mse_loss(v[0], torch.full((2, 8), 0.5).double())",
        ["loss: quadratic"] = "F.mse_loss(v[0], torch.full((2, 8), 0.5).double(), reduction='sum') / 2 / 2",
        ["loss: mean absolute error"] = "v[0].abs().mean()",
        ["loss: two heads"] = "F.cross_entropy(v[0], labels) + 0.3 * F.cross_entropy(v[1], labels)",
        ["mean: axes 0, 2"] = "v[0].mean((0, 2))",
    };

    private const string Script = """
        import array, json, math, sys, torch
        import torch.nn.functional as F
        folder = sys.argv[1]
        data = torch.frombuffer(bytearray(open(folder + "/in.bin", "rb").read()), dtype=torch.float32).double()
        at, out = 0, []
        labels, classes = torch.tensor([0, 2, 3]), torch.tensor([1, 2, 0.5, 3]).double()
        def take(dims):
            global at
            at += math.prod(dims)
            return data[at - math.prod(dims):at].reshape(dims).clone()
        def gauss(rows, columns, sigma, channels):
            y, x = (torch.arange(n).double() - (n - 1) / 2 for n in (rows, columns))
            w = torch.exp(-(y[:, None] ** 2 + x ** 2) / (2 * sigma ** 2))
            return (w / w.sum()).expand(channels, 1, rows, columns)
        def local(x, w, outputs, kernel, **how):
            columns = F.unfold(x, kernel, **how)
            return torch.einsum("pok,nkp->nop", w.reshape(columns.shape[2], outputs, -1), columns)
        for case in json.load(open(folder + "/cases.json")):
            v = [take(dims).requires_grad_() for dims in case["leaves"]]
            r = take(case["output"])
            y = eval(case["expression"])
            assert list(y.shape) == case["output"], case
            (y * r).sum().backward()
            out += [y.detach()] + [leaf.grad for leaf in v]
        array.array("f", torch.cat([t.flatten() for t in out]).tolist()).tofile(open(folder + "/out.bin", "wb"))
        """;

    private static readonly GradientCase[] Cases =
        [.. GradientCases.All.Where(c => Expressions.ContainsKey(c.Name))];

    /// <summary>One run of Python serves all cases; what it gives is kept by case.</summary>
    private static readonly Lazy<Dictionary<string, Queue<float[]>>> Answers = new(AskTorch);

    private static IEnumerable<TestCaseData> Names => Expressions.Keys.Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    [TestCaseSource(nameof(Names))]
    public void Values_and_gradients_are_those_of_PyTorch(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var answers = new Queue<float[]>(Answers.Value[name]);
        GradientCase c = Cases.Single(c => c.Name == name);
        float[] value = GraphRunner.Evaluate([c.Output], c.Feeds)[0].Floats();
        IReadOnlyList<TensorData> gradients = new GradientCheck(c.Output, c.Feeds).Automatic(c.Leaves);
        Assert.Multiple(() =>
        {
            Assert.That(Tensors.Error(value, answers.Dequeue()), Is.LessThan(1e-5), "value");
            for (int i = 0; i < gradients.Count; i++)
            {
                Assert.That(Tensors.Error(gradients[i].Floats(), answers.Dequeue()), Is.LessThan(1e-5), c.Leaves[i].Name);
            }
        });
    }

    private static Dictionary<string, Queue<float[]>> AskTorch()
    {
        using var folder = new TemporaryFolder();
        List<TensorData> data = [.. Cases.SelectMany(c => c.Leaves.Select(leaf => c.Feeds[leaf]).Append(new GradientCheck(c.Output, c.Feeds).Weights))];
        folder.Write("in.bin", [.. data.SelectMany(t => t.Bytes.ToArray())]);
        folder.Write("cases.json", JsonSerializer.SerializeToUtf8Bytes(Cases.Select(c => new
        {
            expression = Expressions[c.Name], leaves = c.Leaves.Select(leaf => leaf.Shape.Sizes()), output = c.Output.Shape.Sizes(),
        })));
        Python.Run("torch", Script, folder.Path);
        float[] numbers = folder.ReadFloats("out.bin");
        int at = 0;
        return Cases.ToDictionary(c => c.Name, c => new Queue<float[]>(
            c.Leaves.Prepend(c.Output).Select(v => numbers[at..(at += (int)v.Shape.CountPerSample())])));
    }
}
