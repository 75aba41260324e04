using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// MobileNet-v2 (Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018, table 2). A block widens the channels with
/// a 1x1 convolution, filters each with a 3x3 one and narrows them again, without a rectifier, so that nothing is cut off where channels
/// are few; shortcuts join the narrow ends.
/// </summary>
public static class MobileNetV2
{
    /// <summary>3.5 million parameters, 301 million multiply-accumulates.</summary>
    public static Architecture Standard { get; } = new(
        "mobilenet_v2", "MobileNet-v2", 2018, "Sandler et al., arXiv:1801.04381", [3, 224, 224], 1000, Create)
    {
        HasWidth = true,
        TorchModules = TorchModules,
        Recipe = new Recipe
        {
            Optimizer = Optimizer.RmsProp(learningRate: 0.045, decay: 0.9, epsilon: 1, momentum: 0.9, weightDecay: 4e-5, tensorFlow: true),
            Schedule = Schedules.Step(epochs: 1, factor: 0.98),
            BatchSize = 96,
            Epochs = 300,
        },
    };

    /// <summary>
    /// For each row of the table: how much wider the blocks are inside, their output channels, their number, the stride of the first.
    /// </summary>
    private static readonly (int Expansion, int Channels, int Count, int Stride)[] Rows =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    /// <summary><c>bottleneck2_1/expand_bn</c>, the second block, is <c>features.2.conv.0.1</c>.</summary>
    private static Func<string, string> TorchModules(Network network)
    {
        string[] blocks = [.. network.Nodes.Where(n => n.Name.Contains('/', StringComparison.Ordinal)).Select(n => n.Name.Split('/')[0]).Distinct()];
        return layer =>
        {
            string name = layer.EndsWith("_bn", StringComparison.Ordinal) ? layer[..^"_bn".Length] : layer;
            int norm = name == layer ? 0 : 1;
            switch (name)
            {
                case "fc":
                    return "classifier.1";
                case "conv1" or "conv2":
                    return $"features.{(name == "conv1" ? 0 : blocks.Length + 1)}.{norm}";
            }

            string[] path = name.Split('/');
            int at = Array.IndexOf(blocks, path[0]);

            // Only blocks that are wider inside begin with a convolution that widens.
            int first = network.Nodes.Any(n => n.Name == $"{path[0]}/expand") ? 0 : -1;
            return $"features.{at + 1}.conv." + path[1] switch
            {
                "expand" => $"0.{norm}",
                "depthwise" => $"{first + 1}.{norm}",
                _ => $"{first + 2 + norm}",
            };
        };
    }

    private static Network Create(Design d)
    {
        int before = Channels(32, d.Width);
        Value x = Activated(d.Image(), before, 3, stride: 2, "conv1");
        foreach ((int row, (int expansion, int published, int count, int firstStride)) in Rows.Index())
        {
            int channels = Channels(published, d.Width);
            for (int i = 0; i < count; i++)
            {
                int stride = i == 0 ? firstStride : 1, narrow = before;
                x = x.Block($"bottleneck{row + 1}_{i + 1}", input => Bottleneck(input, narrow, expansion, channels, stride));
                before = channels;
            }
        }

        // Narrower networks keep the width of the last layer, wider ones do not.
        return Activated(x, Channels(1280, Math.Max(d.Width, 1)), 1, stride: 1, "conv2")
            .GlobalAveragePool(name: "pool").Flatten(name: "flatten").Dropout(0.2, name: "dropout")
            .Dense(d.Classes, weightInitializer: Initializer.Gaussian(0.01), name: "fc").Build("MobileNet-v2");
    }

    private static Value Bottleneck(Value input, int before, int expansion, int channels, int stride)
    {
        int wide = expansion * before;
        Value x = expansion == 1 ? input : Activated(input, wide, 1, stride: 1, "expand");
        x = Activated(x, wide, 3, stride, "depthwise", groups: wide)
            .Conv2d(channels, kernel: 1, bias: false, weightInitializer: Initializer.HeFanOut, name: "project")
            .BatchNorm(name: "project_bn");
        return stride == 1 && before == channels ? input.Add(x, name: "add") : x;
    }

    private static Value Activated(Value x, int channels, int kernel, int stride, string name, int groups = 1) => x
        .Conv2d(
            channels, kernel, stride, padding: kernel / 2, groups: groups, bias: false, weightInitializer: Initializer.HeFanOut, name: name)
        .BatchNorm(name: $"{name}_bn").Relu6(name: $"{name}_relu6");

    /// <summary>
    /// The nearest multiple of 8, as hardware likes it and the authors' networks have it, but never more than a tenth less.
    /// </summary>
    private static int Channels(int published, double width)
    {
        double wanted = published * width;
        int rounded = Math.Max(8, (int)(wanted + 4) / 8 * 8);
        return rounded < 0.9 * wanted ? rounded + 8 : rounded;
    }
}
