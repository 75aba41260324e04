using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// DeepFace (Taigman, Yang, Ranzato and Wolf, CVPR 2014): for faces that were turned to the front, so that every place of the picture has
/// a meaning of its own and layers 4 to 6 have kernels of their own at every place. There and behind lie all parameters but one in
/// two thousand.
/// </summary>
public static class DeepFace
{
    private static readonly Initializer Start = Initializer.Gaussian(0.01), Half = Initializer.Constant(0.5);

    /// <summary>118,923,774 parameters, for the 4,030 persons that it was trained to tell apart; F7 is what describes a face.</summary>
    public static Architecture Faces { get; } = new(
        "deepface", "DeepFace", 2014, "Taigman et al., CVPR 2014", [3, 152, 152], 4030, Create)
    {
        HasWidth = true,
        Recipe = new Recipe
        {
            Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9), Schedule = Schedules.OnPlateau(), BatchSize = 128, Epochs = 15,
        },
    };

    private static Network Create(Design d) => d.Image()
        .Shared("c1", d.Channels(32), kernel: 11)
        .MaxPool2d(3, stride: 2, ceil: true, name: "m2")
        .Shared("c3", d.Channels(16), kernel: 9)
        .Local("l4", d.Channels(16), kernel: 9)
        .Local("l5", d.Channels(16), kernel: 7, stride: 2)
        .Local("l6", d.Channels(16), kernel: 5)
        .Flatten(name: "flatten")
        .Dense(d.Channels(4096), weightInitializer: Start, biasInitializer: Half, name: "f7").Relu(name: "f7_relu")
        .Dropout(0.5, name: "f7_drop")
        .Dense(d.Classes, weightInitializer: Start, biasInitializer: Half, name: "f8")
        .Build("DeepFace");

    private static Value Shared(this Value x, string name, int channels, int kernel) => x
        .Conv2d(channels, kernel, weightInitializer: Start, biasInitializer: Half, name: name)
        .Relu(name: $"{name}_relu");

    private static Value Local(this Value x, string name, int channels, int kernel, int stride = 1) => x
        .LocallyConnected2d(channels, kernel, stride, weightInitializer: Start, biasInitializer: Half, name: name)
        .Relu(name: $"{name}_relu");
}
