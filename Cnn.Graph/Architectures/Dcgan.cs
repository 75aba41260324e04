using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// The two networks of DCGAN for pictures of 64x64 (Radford, Metz and Chintala, "Unsupervised representation learning with deep
/// convolutional generative adversarial networks", 2015, figure 1), with half the paper's channels, as PyTorch's tutorial trains them. The
/// generator makes a picture of 100 random numbers; the discriminator's score tells such a picture from a real one. Neither has pooling or
/// dense layers. No layer of one is called like one of the other, so that both can stand in one network (<see cref="ReuseLayers.Reuse"/>).
/// </summary>
public static class Dcgan
{
    private const string Paper = "Radford et al., arXiv:1511.06434";

    /// <summary>
    /// [100, 1, 1] → pictures from −1 to 1. It learns through the score that the discriminator gives what it makes; alone, as its recipe
    /// has it, it learns given pictures for given numbers.
    /// </summary>
    public static Architecture Generator { get; } = new(
        "dcgan-generator", "DCGAN generator", 2015, Paper, [100, 1, 1], 3, CreateGenerator)
    {
        HasWidth = true,
        Recipe = Trained(Loss.MeanSquaredError()),
    };

    /// <summary>Pictures from −1 to 1 → a score, above 0 for pictures that it takes for real.</summary>
    public static Architecture Discriminator { get; } = new(
        "dcgan-discriminator", "DCGAN discriminator", 2015, Paper, [3, 64, 64], 1, CreateDiscriminator)
    {
        HasWidth = true,
        Recipe = Trained(Loss.SigmoidCrossEntropy()),
    };

    private static Initializer Weights => Initializer.Gaussian(0.02);

    private static Recipe Trained(Loss loss) => new()
    {
        Loss = loss, Optimizer = Optimizer.Adam(learningRate: 2e-4, beta1: 0.5), BatchSize = 128, Epochs = 5,
    };

    private static Network CreateGenerator(Design d)
    {
        Value x = Network.Input("noise", [.. d.Input]);
        x = x.ConvTranspose2d(d.Channels(512), kernel: 4, bias: false, weightInitializer: Weights, name: "project")
            .BatchNorm(name: "project_bn").Relu(name: "project_relu");
        for (int i = 1; i <= 3; i++)
        {
            x = Doubled(x, d.Channels(512 >> i), $"up{i}").BatchNorm(name: $"up{i}_bn").Relu(name: $"up{i}_relu");
        }

        return Doubled(x, d.Classes, "up4").Tanh(name: "picture").Build("DCGAN generator");
    }

    private static Network CreateDiscriminator(Design d)
    {
        Value x = Halved(d.Image(), d.Channels(64), "down1").LeakyRelu(0.2, name: "down1_relu");
        for (int i = 2; i <= 4; i++)
        {
            x = Halved(x, d.Channels(32 << i), $"down{i}").BatchNorm(name: $"down{i}_bn").LeakyRelu(0.2, name: $"down{i}_relu");
        }

        // What is left of the picture, 4x4 of 64x64, is seen as a whole.
        Size2 rest = (d.Input[1] / 16, d.Input[2] / 16);
        return x.Conv2d(d.Classes, rest, bias: false, weightInitializer: Weights, name: "score").Flatten(name: "flatten")
            .Build("DCGAN discriminator");
    }

    private static Value Doubled(Value x, int channels, string name) =>
        x.ConvTranspose2d(channels, kernel: 4, stride: 2, padding: 1, bias: false, weightInitializer: Weights, name: name);

    private static Value Halved(Value x, int channels, string name) =>
        x.Conv2d(channels, kernel: 4, stride: 2, padding: 1, bias: false, weightInitializer: Weights, name: name);
}
