using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class NetworkFormsTests
{
    /// <summary>y = Σ mask · x²: the gradient 2·mask·x goes through the mask of the forward pass, not through one of its own.</summary>
    [Test]
    public void A_gradient_drops_what_its_layer_dropped()
    {
        Value x = Graph.Network.Input("x", 3);
        Value y = (x * x).Dropout(0.5, name: "drop").Sum();
        Network trained = NetworkBuilder.Build([y, Gradient.Of(y, x)[0]], "net").WithBatch(1).ForTraining().Network;
        Input mask = trained.Inputs.Single(i => i.Kind == InputKind.DropoutMask);
        Assert.That(mask.Name, Is.EqualTo("drop/mask"));
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(
            [(trained.Inputs[0], Tensors.Of([1, 3], 1, 2, 3)), (mask, Tensors.Of([1, 3], 2, 0, 2))]);
        using var runner = new GraphRunner([trained.Outputs[1]]);
        Assert.That(runner.Run(feeds)[0].Floats(), Is.EqualTo(new float[] { 4, 0, 12 }));
    }
}
