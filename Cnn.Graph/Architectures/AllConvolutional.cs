using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The all convolutional networks for CIFAR (Springenberg, Dosovitskiy, Brox and Riedmiller, "Striving for simplicity", 2014, tables 1 and
/// 2) and those that they are compared with: two stages of convolutions, a way to halve the picture behind each, three last convolutions,
/// and the mean of each class map.
/// </summary>
public static class AllConvolutional
{
    /// <summary>The base models A, B and C differ in the convolutions of a stage; only C appears in every way to halve.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("all-cnn-a", "All-CNN-A", [5], Halving.Convolution),
        Of("all-cnn-b", "All-CNN-B", [5, 1], Halving.Convolution),
        Of("all-cnn-c", "All-CNN-C", [3, 3], Halving.Convolution),
        Of("base-cnn-c", "Base model C of All-CNN", [3, 3], Halving.Pool),
        Of("strided-cnn-c", "Strided-CNN-C", [3, 3], Halving.Stride),
        Of("convpool-cnn-c", "ConvPool-CNN-C", [3, 3], Halving.ConvolutionAndPool),
    ];

    private enum Halving
    {
        /// <summary>A 3x3 max pooling of stride 2.</summary>
        Pool,

        /// <summary>The stage's last convolution has stride 2.</summary>
        Stride,

        /// <summary>One 3x3 convolution more, and the pooling: what All-CNN is fairly compared with.</summary>
        ConvolutionAndPool,

        /// <summary>A 3x3 convolution of stride 2 in place of the pooling.</summary>
        Convolution,
    }

    private static Architecture Of(string id, string title, int[] kernels, Halving halving) =>
        new(id, title, 2014, "Springenberg et al., arXiv:1412.6806", [3, 32, 32], 10, d => Create(d, title, kernels, halving))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3),
                Schedule = Schedules.MultiStep([200, 250, 300]),
                BatchSize = 128,
                Epochs = 350,
            },
        };

    private static Network Create(Design d, string title, int[] kernels, Halving halving)
    {
        int number = 0;
        Value x = d.Image().Dropout(0.2, name: "drop0");
        for (int stage = 1; stage <= 2; stage++)
        {
            int channels = d.Channels(96 * stage);
            foreach ((int i, int kernel) in kernels.Index())
            {
                bool strides = halving == Halving.Stride && i == kernels.Length - 1;
                x = Layer(x, channels, kernel, kernel / 2, stride: strides ? 2 : 1);
            }

            x = halving switch
            {
                Halving.Convolution => Layer(x, channels, 3, padding: 1, stride: 2),
                Halving.ConvolutionAndPool => Layer(x, channels, 3, padding: 1).MaxPool2d(3, stride: 2, ceil: true, name: $"pool{stage}"),
                Halving.Pool => x.MaxPool2d(3, stride: 2, ceil: true, name: $"pool{stage}"),
                _ => x,
            };
            x = x.Dropout(0.5, name: $"drop{stage}");
        }

        x = Layer(x, d.Channels(192), 3, padding: 0);
        x = Layer(x, d.Channels(192), 1, padding: 0);
        x = Layer(x, d.Classes, 1, padding: 0);
        return x.GlobalAveragePool(name: "gap").Flatten(name: "scores").Build(title);

        Value Layer(Value y, int channels, int kernel, int padding, int stride = 1)
        {
            number++;
            return y.Conv2d(channels, kernel, stride, padding, name: $"conv{number}").Relu(name: $"relu{number}");
        }
    }
}
