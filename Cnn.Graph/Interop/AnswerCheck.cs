using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Randomness;
using Cnn.Graph.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Interop;

/// <summary>
/// Whether a network with a file's weights answers as the file's own graph does. Graphs can differ in more than layers with weights tell: a
/// normalisation of the input, other strides or activations, a branch more. Running both is the one test that sees all of it.
/// </summary>
internal static class AnswerCheck
{
    /// <summary>Differences above this are not those of rounding.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>
    /// The largest difference between the main outputs for two random samples, relative to how much the file's answers differ between the
    /// two.
    /// </summary>
    /// <param name="model">The network with the weights.</param>
    /// <param name="file">The file.</param>
    /// <param name="reason">Why they cannot be compared, if they cannot.</param>
    /// <returns>Null if they cannot be compared.</returns>
    public static double? Difference(Model model, OnnxModel file, out string? reason)
    {
        try
        {
            using var theirs = new DeviceSession(file.ToWholeBytes(), Device.Cpu);
            NodeMetadata input = theirs.Session.InputMetadata[theirs.Session.InputNames[0]];
            long[] sample = [.. model.Network.Inputs[0].Shape.Skip(1).Select(d => d.Size)];
            if (theirs.Session.InputNames.Count != 1 || input.Dimensions.Length != sample.Length + 1
                || input.Dimensions.Skip(1).Zip(sample).Any(d => d.First >= 0 && d.First != d.Second))
            {
                reason = $"the file takes [{string.Join(", ", input.Dimensions)}], the network {model.Network.Inputs[0].Shape}";
                return null;
            }

            using var ours = new DeviceSession(model.ToOnnx().ToBytes(), Device.Cpu);
            float[][] expected = [Run(theirs.Session, sample, "a"), Run(theirs.Session, sample, "b")];
            float[][] actual = [Run(ours.Session, sample, "a"), Run(ours.Session, sample, "b")];
            reason = null;
            if (expected.Zip(actual).Any(p => p.First.Length != p.Second.Length))
            {
                return double.PositiveInfinity;
            }

            double scale = Farthest(expected[0], expected[1]);
            double off = expected.Zip(actual, Farthest).Max();
            return off == 0 ? 0 : off / scale;
        }
        catch (Exception e) when (e is OnnxRuntimeException or CnnGraphException)
        {
            reason = e.Message;
            return null;
        }
    }

    private static double Farthest(float[] a, float[] b) => a.Zip(b, (x, y) => float.IsNaN(x) && float.IsNaN(y) ? 0 : Math.Abs((double)x - y)).Max();

    private static float[] Run(InferenceSession session, long[] sample, string stream)
    {
        var numbers = new float[TensorData.CountOf(sample)];
        new CounterRandom(1, stream).FillUniform(numbers, -1, 1);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(numbers, [1, .. sample]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [session.InputNames[0]], [input], [session.OutputNames[0]]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
