using Cnn.Graph;
using Cnn.Graph.Architectures;
using Cnn.Graph.Data;
using Cnn.Graph.OrtTraining;

namespace Snippets;

/// <summary>The program in Cnn.Graph.OrtTraining/README.md; compiled with the tests, so that it stays true.</summary>
public static class OnnxRuntimeTraining
{
    /// <summary>Trains LeNet-5 in ONNX Runtime Training, where the application has its native library.</summary>
    public static async Task TrainAsync()
    {
#pragma warning disable format
// <snippet>
DataSplits mnist = Mnist.Load();
Network lenet = Architecture.Find("lenet5").Build();
var options = new TrainingOptions
{
    Optimizer = Optimizer.AdamW(1e-3), Schedule = Schedules.Cosine, Epochs = 5, CheckpointPath = "lenet5/trained",
};
TrainingArtifacts.Of(Model.Initialize(lenet), new() { Loss = options.Loss, Optimizer = options.Optimizer }).Save("lenet5");

using var trainer = new OrtTrainer(lenet, "lenet5", options);      // goes on from a checkpoint that is named as well
TrainingHistory history = await trainer.FitAsync(mnist.Train, mnist.Test);
Console.WriteLine($"{history.Epochs[^1].ValidationAccuracy:P2} of the test set");
trainer.Model.SaveOnnx("lenet5.onnx");
// </snippet>
#pragma warning restore format
    }
}
