using Cnn.Graph;
using Cnn.Graph.Architectures;
using Cnn.Graph.Interop;

namespace Snippets;

/// <summary>The program in docs/weights.md; compiled with the tests, so that it stays true.</summary>
public static class Transfer
{
    /// <summary>A network with torchvision's weights, ready to learn other classes.</summary>
    /// <param name="path">A state dictionary of torchvision's ResNet-18.</param>
    /// <param name="classes">The number of classes.</param>
    public static Trainer Prepare(string path, int classes)
    {
#pragma warning disable format
// <snippet>
Architecture resnet = Architecture.Find("resnet18");
Network network = resnet.Build();
WeightImport import = WeightImport.Of(network, path, resnet.StateDictKeys(network));
Console.WriteLine(import);                                       // 102 of 102 variables found by name.
Model model = import.ToModel().ReplaceHead(classes, seed: 1);
var trainer = new Trainer(model, new TrainingOptions
{
    Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9) with
    {
        Groups = new(ParameterGroup.FrozenTo(model.Network, depth: 13)),      // all but the last stage and the head
    },
});
// </snippet>
#pragma warning restore format
        return trainer;
    }
}
