using Cnn.Graph;
using Cnn.Graph.Data;

var lenet = Network.Input("image", 1, 28, 28)                        // the batch stays symbolic
    .Conv2d(6, kernel: 5, padding: 2).Tanh().AveragePool2d(2)
    .Conv2d(16, kernel: 5).Tanh().AveragePool2d(2)
    .Flatten().Dense(120).Tanh().Dense(84).Tanh().Dense(10)
    .Build("LeNet-5");
Console.WriteLine(lenet);                                            // layers, shapes, parameters, MACs, receptive field

DataSplits mnist = Mnist.Load();
using var trainer = new Trainer(lenet, new TrainingOptions
{
    Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3), Schedule = Schedules.Cosine, Epochs = 2,
});
TrainingHistory history = await trainer.FitAsync(mnist.Train, mnist.Test);
Console.WriteLine($"{history.Epochs[^1].ValidationAccuracy:P2} of the test set on {history.Device}");
trainer.Model.SaveOnnx("my-lenet5.onnx");
