using System.Runtime.InteropServices;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Numbers exchanged with Python as bare little-endian floats.</summary>
internal static class RawFloats
{
    public static float[] ReadFloats(this TemporaryFolder folder, string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder[name])).ToArray();
}
